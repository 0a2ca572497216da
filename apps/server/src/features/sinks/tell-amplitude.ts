import { z } from 'zod'
import type { OutgoingAnswer } from '../../ports/outgoing.ts'
import {
  EVENT,
  excerpt,
  idOf,
  jsonOf,
  messageId,
  propertyOf,
  type Refused,
  type SinkDialect,
  type SinkPlace,
  type SinkVerdict,
  type Told,
  verdictOfStatus,
} from './sink-messages.ts'

const event = (told: Told) => ({
  user_id: idOf(told),
  event_type: EVENT,
  time: told.at,
  insert_id: messageId(told),
  event_properties: { flag: told.flag, variant: told.variant, environment: told.environment },
  user_properties: { [propertyOf(told)]: told.variant },
  ...(told.unit !== 'user' && {
    groups: { [told.unit]: told.unitId },
    group_properties: { [told.unit]: { [propertyOf(told)]: told.variant } },
  }),
})

const requests = (told: readonly Told[], { url, secret }: SinkPlace) => [
  {
    url: `${url.replace(/\/+$/, '')}/2/httpapi`,
    method: 'POST' as const,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    // Ids shorter than five characters are refused unless asked for.
    body: JSON.stringify({ api_key: secret, events: told.map(event), options: { min_id_length: 1 } }),
  },
]

const byField = z.record(z.string(), z.array(z.number().int().min(0))).default({})
/** A 400 takes nothing of the batch, and names the events that spoil it. */
const invalidEvents = z.object({
  events_with_invalid_fields: byField,
  events_with_missing_fields: byField,
  silenced_events: z.array(z.number().int().min(0)).default([]),
})

function refusedIn(text: string): readonly Refused[] {
  const read = invalidEvents.safeParse(jsonOf(text))
  if (!read.success) return []
  const {
    events_with_invalid_fields: invalid,
    events_with_missing_fields: missing,
    silenced_events: silenced,
  } = read.data
  const named = (fields: Readonly<Record<string, readonly number[]>>, what: string) =>
    Object.entries(fields).flatMap(([field, all]) => all.map(index => ({ index, reason: `${what} ${excerpt(field)}` })))
  return [
    ...named(invalid, 'invalid field'),
    ...named(missing, 'missing field'),
    ...silenced.map(index => ({ index, reason: 'its device or user is silenced' })),
  ]
}

function verdict(answer: OutgoingAnswer): SinkVerdict {
  const byStatus = verdictOfStatus(answer)
  if (byStatus !== undefined) return byStatus
  if (answer.status < 300) return { kind: 'taken' }
  const refused = refusedIn(answer.text)
  if (refused.length > 0) return { kind: 'some', refused, rest: 'again' }
  return { kind: 'split', reason: `It answered ${answer.status}: ${excerpt(answer.text)}` }
}

/** amplitude.com/docs: "HTTP V2 API". */
export const amplitude: SinkDialect = { most: 100, requests, verdict }
