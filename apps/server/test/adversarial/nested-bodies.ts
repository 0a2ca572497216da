/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
const isJsonObject = (value: Json): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same once for each object in it, at any depth, with a field more there; a name that says where. */
export function withFieldAt(value: Json, path = ''): readonly (readonly [path: string, added: Json])[] {
  const children = Array.isArray(value)
    ? value.map((child, n) => [n, child] as const)
    : isJsonObject(value)
      ? Object.entries(value)
      : []
  const inside = children.flatMap(([at, child]) =>
    withFieldAt(child, `${path}/${at}`).map(([where, added]): readonly [string, Json] => [
      where,
      Array.isArray(value) ? value.toSpliced(Number(at), 1, added) : { ...Object(value), [at]: added },
    ]),
  )
  return isJsonObject(value) ? [[path, { ...value, ownerId: 'x' }], ...inside] : inside
}

const full = {
  on: true,
  offVariant: 'off',
  prerequisites: [{ flag: 'mine-flag', variants: ['on'] }],
  rules: [
    {
      id: 'r',
      when: { all: [{ not: { attribute: 'plan', op: 'equals', value: 'pro' } }, { segment: 'mine-segment' }] },
      share: { unit: 'account', percent: 1 },
      serve: { split: { unit: 'account', arms: [{ variant: 'on', weight: 1 }] } },
    },
  ],
  fallthrough: { variant: 'off' },
}
const at = '/flags/mine-flag/environments/mine-env'
const errors = { id: 'errors', kind: 'error-rate', event: 'paid', maxRatio: 2, policy: { breached: 'pause' } }
/** Bodies of routes for projects with all that they can have inside. */
export const NESTED_BODIES: readonly (readonly [method: string, path: string, body: Json])[] = [
  ['PUT', at, full],
  ['POST', '/flags', { key: 'nested', type: 'boolean', config: full }],
  ['POST', `${at}/change-requests`, { title: 'x', change: { config: full } }],
  ['POST', `${at}/change-requests`, { title: 'x', change: { rule: 'mine-rule', share: full.rules[0]?.share ?? null } }],
  ['PATCH', '/segments/mine-segment', { when: full.rules[0]?.when ?? null, list: { unit: 'account', ids: ['a'] } }],
  [
    'POST',
    '/segments/mine-segment/change-requests',
    { title: 'x', change: { segment: { list: { unit: 'account', ids: ['a'] } } } },
  ],
  [
    'PUT',
    '/environments/mine-env/approval-policy',
    {
      policy: { switch: true, targeting: true, shareUpBy: 5, approvals: 1, roles: ['admin'] },
    },
  ],
  [
    'POST',
    '/environments/mine-env/connections',
    {
      key: 'nested',
      name: 'x',
      kind: 'webhook',
      settings: { url: 'https://hooks.example.com', units: ['account'] },
      secret: 'x'.repeat(20),
    },
  ],
  [
    'POST',
    '/rollouts',
    {
      flag: 'mine-flag',
      environment: 'mine-env',
      variant: 'on',
      unit: 'account',
      ruleId: 'stages',
      stages: [{ percent: 10, hold: 'PT1H' }],
      guardrails: [errors],
      policy: { noData: 'hold' },
    },
  ],
  ['PUT', '/metrics/mine-metric', { kind: 'error-rate', event: 'paid' }],
]
