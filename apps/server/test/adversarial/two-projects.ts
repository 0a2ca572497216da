/** Two projects with something of every kind in each, and a person who belongs to one of them. */
import type { AdminClient } from '@dimmer/protocol'
import { startTestServer, type TestServer } from '../test-server.ts'
import { joinAs, setUpAdmin, type Visitor } from '../visitors.ts'

/** What stands in the place of each parameter of an address. */
export interface Ids {
  readonly project: string
  readonly environment: string
  readonly flag: string
  readonly rule: string
  readonly segment: string
  readonly unit: string
  readonly connection: string
  readonly metric: string
  readonly person: string
  readonly rollout: string
  readonly changeRequest: string
  readonly key: string
  readonly signingSecret: string
  readonly invitation: string
}

export interface TwoProjects {
  readonly server: TestServer
  readonly ada: Visitor
  /** Admin of the first project, and of nothing else. */
  readonly bert: Visitor
  readonly own: Ids
  readonly foreign: Ids
}

const config = (name: string) => ({
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [{ id: `${name}-rule`, share: { unit: 'account', percent: 5 }, serve: { variant: 'on' } }],
  fallthrough: { variant: 'off' },
})

const plan = (flag: string, environment: string) => ({
  flag,
  environment,
  variant: 'on',
  unit: 'account',
  ruleId: 'stages',
  stages: [{ percent: 10, hold: 'PT1H' }],
})

async function fill(admin: AdminClient, name: string): Promise<Omit<Ids, 'person'>> {
  const [project, environment, flag] = [`${name}-project`, `${name}-env`, `${name}-flag`]
  await admin.createProject({ key: project, name, environments: [{ key: environment, name }] })
  await admin.createFlag(project, { key: flag, type: 'boolean', config: config(name) })
  await admin.putSegment(project, `${name}-segment`, { list: { unit: 'account', ids: [`${name}-account`] } })
  await admin.putUnit(project, `${name}-unit`, { attribute: `${name}Id` })
  await admin.putMetric(project, `${name}-metric`, { kind: 'error-rate', event: 'paid' })
  await admin.createConnection(project, environment, { key: `${name}-desk`, name, kind: 'tickets' })
  const key = await admin.createSdkKey(project, environment, { kind: 'server', name })
  const signingSecret = await admin.createSigningSecret(project, environment, { name })
  const rollout = await admin.createRollout(project, plan(flag, environment))
  const request = await admin.requestChange({ project, environment, flag }, { title: name, change: { on: false } })
  await admin.invite(project, { email: `${name}-invited@example.com`, role: 'viewer' })
  const [invitation] = await admin.listInvitations(project)
  return {
    project,
    environment,
    flag,
    rule: `${name}-rule`,
    segment: `${name}-segment`,
    unit: `${name}-unit`,
    connection: `${name}-desk`,
    metric: `${name}-metric`,
    rollout: rollout.id,
    changeRequest: request.id,
    key: key.id,
    signingSecret: signingSecret.id,
    invitation: invitation?.id ?? '',
  }
}

export async function startTwoProjects(clock: { now(): number }): Promise<TwoProjects> {
  const server = await startTestServer({ clock })
  const ada = await setUpAdmin(server)
  const [mine, theirs] = [await fill(ada.client, 'mine'), await fill(ada.client, 'theirs')]
  const join = async (name: string, project: string) => {
    const visitor = await joinAs(server, ada, { email: `${name}@example.com`, role: 'admin', project })
    return { visitor, person: (await visitor.client.session()).person?.id ?? '' }
  }
  const bert = await join('bert', mine.project)
  const carl = await join('carl', mine.project)
  const dora = await join('dora', theirs.project)
  return {
    server,
    ada,
    bert: bert.visitor,
    own: { ...mine, person: carl.person },
    foreign: { ...theirs, person: dora.person },
  }
}

const OF_ID: readonly (readonly [RegExp, keyof Ids])[] = [
  [/\/rollouts\/\{id\}/, 'rollout'],
  [/\/change-requests\/\{id\}/, 'changeRequest'],
  [/\/keys\/\{id\}/, 'key'],
  [/\/secrets\/\{id\}/, 'signingSecret'],
  [/\/invitations\/\{id\}/, 'invitation'],
]

/** What a parameter of an address names; undefined for units of the directory, which are not kept by project alone. */
export function kindOf(path: string, param: string): keyof Ids | undefined {
  const found = OF_ID.find(([pattern]) => param === 'id' && pattern.test(path))
  if (found !== undefined) return found[1]
  if (path.includes('/directory/')) return param === 'project' ? 'project' : undefined
  const kinds: Partial<Record<string, keyof Ids>> = {
    project: 'project',
    environment: 'environment',
    flag: 'flag',
    rule: 'rule',
    segment: 'segment',
    unit: 'unit',
    connection: 'connection',
    metric: 'metric',
    person: 'person',
  }
  return kinds[param]
}

/** What an address needs behind it. */
export const queryFor = (path: string): string =>
  path.endsWith('/traffic')
    ? '?event=paid&unit=account'
    : path.endsWith('/names')
      ? '?of=gains'
      : path.endsWith('directory/csv')
        ? '?of=account'
        : ''

/** A body with which a route would do what it is for. */
export function bodyFor(route: string, { environment, flag }: Ids): unknown {
  const bodies: Readonly<Record<string, unknown>> = {
    'PUT /change-requests/{id}': { change: { on: true } },
    'POST /change-requests/{id}/apply': { revision: 1 },
    'POST /change-requests/{id}/approve': { revision: 1 },
    'POST /change-requests/{id}/reject': { revision: 1, comment: 'No' },
    'POST /change-requests/{id}/comment': { comment: 'Hm' },
    'POST /change-requests/{id}/schedule': { at: null },
    'POST /directory': { accounts: [{ id: 'acc-1', attributes: { plan: 'pro' } }] },
    'PUT /environments/{environment}/approval-policy': { policy: null },
    'PUT /environments/{environment}/context-signing': { attributes: [] },
    'POST /environments/{environment}/context-signing/secrets': { name: 'Shop' },
    'POST /environments/{environment}/connections': { key: 'other', name: 'Other', kind: 'tickets' },
    'POST /environments/{environment}/events': {
      batchId: '0b4f8c1e-4f0a-4d5b-9d0c-1f2e3d4c5b6a',
      sentAt: 1,
      tracks: [],
    },
    'POST /environments/{environment}/explain': { flag, context: { accountId: 'acc-1' } },
    'POST /environments/{environment}/keys': { kind: 'server', name: 'another' },
    'POST /flags': { key: 'another', type: 'boolean' },
    'PATCH /flags/{flag}': { name: 'Another name' },
    'PUT /flags/{flag}/environments/{environment}': config('mine'),
    'POST /flags/{flag}/environments/{environment}/change-requests': { title: 'Off', change: { on: false } },
    'POST /flags/{flag}/environments/{environment}/experiment': {
      metrics: [{ key: 'mine-metric' }],
    },
    'POST /flags/{flag}/environments/{environment}/forecast': config('mine'),
    'POST /flags/{flag}/environments/{environment}/forecast/names': config('mine'),
    'PUT /flags/{flag}/environments/{environment}/rules/{rule}/share': { unit: 'account', percent: 6 },
    'POST /flags/{flag}/environments/{environment}/switch': { on: true },
    'POST /invitations': { email: 'another@example.com', role: 'viewer', environments: {} },
    'PUT /members/{person}': { role: 'support', environments: {} },
    'PUT /metrics/{metric}': { kind: 'error-rate', event: 'paid' },
    'PUT /private-attributes': { attributes: [] },
    'POST /rollouts': plan(flag, environment),
    'PUT /segments/{segment}': { name: 'Another' },
    'PATCH /segments/{segment}': { name: 'Another' },
    'POST /segments/{segment}/change-requests': { title: 'Another', change: { segment: { name: 'Another' } } },
    'POST /segments/{segment}/forecast': {},
    'POST /segments/{segment}/members': {},
    'PUT /units/{unit}': { attribute: 'anotherId' },
    'POST /rollouts/{id}/approve': {},
    'POST /rollouts/{id}/start': {},
    'POST /rollouts/{id}/pause': {},
    'POST /rollouts/{id}/resume': {},
    'POST /rollouts/{id}/roll-back': {},
    'POST /rollouts/{id}/abort': {},
    'POST /rollouts/{id}/retire': {},
  }
  return bodies[route.replace('/api/v1/projects/{project}', '')]
}
