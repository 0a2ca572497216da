import { expect, it } from 'vitest'
import { readConfig } from './config.ts'

it.each([
  [{}, { eventsDays: 90, batchIdsDays: 3, looksDays: undefined }],
  [{ DIMMER_KEEP_EVENTS_DAYS: '30' }, { eventsDays: 30 }],
  [
    { DIMMER_KEEP_LOOKS_DAYS: '7', DIMMER_KEEP_BATCH_IDS_DAYS: '30' },
    { looksDays: 7, batchIdsDays: 30 },
  ],
])('%o is read', (env, retention) => {
  expect(readConfig(env).retention).toMatchObject(retention)
})

it.each([
  [{ DIMMER_KEEP_EVENTS_DAYS: '0' }, 'DIMMER_KEEP_EVENTS_DAYS is "0"; it must be a whole number from 1 to 3650'],
  [{ DIMMER_KEEP_LOOKS_DAYS: 'ever' }, 'DIMMER_KEEP_LOOKS_DAYS is "ever"; it must be a whole number from 1 to 3650'],
  [{ DIMMER_KEEP_BATCH_IDS_DAYS: '31' }, 'from 1 to 30'],
])('%o is refused', (env, message) => {
  expect(() => readConfig(env)).toThrow(message)
})
