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

const OIDC = {
  DIMMER_URL: 'https://flags.example.com',
  DIMMER_OIDC_ISSUER: 'https://id.example.com/realms/main',
  DIMMER_OIDC_CLIENT_ID: 'dimmer',
  DIMMER_OIDC_CLIENT_SECRET: 'secret',
}

it('single sign-on is read with its groups, also where a group has the name of a directory', () => {
  const { sso } = readConfig({
    ...OIDC,
    DIMMER_OIDC_GROUPS: 'platform = *:admin; CN=Devs,OU=Eng=invoicing:engineer,production:viewer',
    DIMMER_OIDC_SESSION_HOURS: '8',
  }).access
  expect(sso).toMatchObject({
    name: 'id.example.com',
    groupsClaim: 'groups',
    groups: [
      { group: 'platform', project: '*', role: 'admin', environments: {} },
      { group: 'CN=Devs,OU=Eng', project: 'invoicing', role: 'engineer', environments: { production: 'viewer' } },
    ],
    sessionMs: 8 * 3_600_000,
  })
  expect(readConfig(OIDC).access.sso).toMatchObject({ groups: [], sessionMs: 24 * 3_600_000 })
})

it.each([
  [{ ...OIDC, DIMMER_URL: '' }, 'also needs DIMMER_OIDC_CLIENT_ID, DIMMER_OIDC_CLIENT_SECRET and DIMMER_URL'],
  [{ ...OIDC, DIMMER_OIDC_GROUPS: 'devs=invoicing:boss' }, 'DIMMER_OIDC_GROUPS has "devs=invoicing:boss"'],
  [{ ...OIDC, DIMMER_OIDC_GROUPS: 'devs=invoicing' }, 'write GROUP=PROJECT:ROLE'],
  [{ ...OIDC, DIMMER_OIDC_SESSION_HOURS: '0' }, 'DIMMER_OIDC_SESSION_HOURS is "0"; it must be a whole number from 1'],
  [{ DIMMER_PASSWORDS: 'off' }, 'nobody could sign in'],
  [{ DIMMER_ADMIN_TOKEN: 'short' }, 'at least 16 characters'],
  [{ HOST: '0.0.0.0', DIMMER_LOCAL_SESSION: 'on' }, 'HOST lets other machines in'],
])('access, %o, is refused', (env, message) => {
  expect(() => readConfig(env)).toThrow(message)
})

it('the local session is there on loopback only', () => {
  expect(readConfig({}).access.localSession).toBe('auto')
  for (const HOST of ['0.0.0.0', '::', '10.0.0.7']) expect(readConfig({ HOST }).access.localSession).toBe('off')
})
