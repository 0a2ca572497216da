/** A project whose production asks for approval, and people who try to do without. */
import type { ChangeRequestView } from '@dimmer/protocol'
import { at, SAMPLE, startTestServer, type TestServer } from '../test-server.ts'
import { joinAs, setUpAdmin, type Visitor } from '../visitors.ts'

const { project } = SAMPLE
export const FLAG = 'guarded'
export const PLACE = at(FLAG)
const PILOTS = { list: { unit: 'account', ids: ['acc-1', 'acc-2'] } }
export const WIDER = { list: { unit: 'account', ids: ['acc-1', 'acc-2', 'acc-3'] } }
export const POLICY = {
  switch: true,
  targeting: true,
  shareUpBy: 10,
  approvals: 1,
  roles: ['product' as const, 'engineer' as const, 'admin' as const],
}
export const CONFIG = {
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [
    { id: 'outer', when: { segment: 'outer' }, serve: { variant: 'on' } },
    { id: 'share', share: { unit: 'workspace', percent: 5 }, serve: { variant: 'on' } },
  ],
  fallthrough: { variant: 'off' },
}
export const share = { unit: 'workspace', percent: 60 }
const raise = { title: 'To 60 %', change: { rule: 'share', share } }

/** The world, and what people do in it. */
export interface GuardedWorld {
  readonly server: TestServer
  readonly clock: { at: number }
  /** Admin of everything. */
  readonly ada: Visitor
  /** An engineer. */
  readonly bert: Visitor
  /** Of product. */
  readonly carl: Visitor
  /** What an SDK of production gets, whatever its version is called. */
  served(): Promise<string>
  ask(who?: Visitor): Promise<ChangeRequestView>
  askSegment(who?: Visitor, segment?: string): Promise<ChangeRequestView>
  approve(who: Visitor, request: ChangeRequestView): Promise<ChangeRequestView>
  apply(who: Visitor, request: ChangeRequestView): Promise<ChangeRequestView>
  /** The same targeting again, under the policy. */
  reset(): Promise<void>
}

async function fill({ client: admin }: Visitor): Promise<void> {
  await admin.setApprovalPolicy(project, 'production', { policy: null })
  await admin.putUnit(project, 'workspace', { attribute: 'workspaceId' })
  await admin.putSegment(project, 'pilots', PILOTS)
  await admin.putSegment(project, 'outer', { when: { segment: 'pilots' } })
  await admin.putSegment(project, 'unused', PILOTS)
  await admin.createFlag(project, { key: FLAG, type: 'boolean', config: CONFIG })
  await admin.createFlag(project, {
    key: 'rolled',
    type: 'boolean',
    config: { on: true, fallthrough: { variant: 'off' } },
  })
}

export async function startGuardedWorld(): Promise<GuardedWorld> {
  const clock = { at: Date.now() }
  const server = await startTestServer({ clock: { now: () => clock.at } })
  const ada = await setUpAdmin(server)
  const bert = await joinAs(server, ada, { email: 'bert@example.com', role: 'engineer' })
  const carl = await joinAs(server, ada, { email: 'carl@example.com', role: 'product' })
  await fill(ada)
  const { key } = await ada.client.createSdkKey(project, 'production', { kind: 'server', name: 'all' })
  return {
    server,
    clock,
    ada,
    bert,
    carl,
    served: async () => {
      const answer = await fetch(`${server.url}/sdk/v1/ruleset`, { headers: { authorization: `Bearer ${key}` } })
      return (await answer.text()).replaceAll(/"version":\d+/g, '')
    },
    ask: (who = bert) => who.client.requestChange(PLACE, raise),
    askSegment: (who = bert, segment = 'pilots') =>
      who.client.requestSegmentChange(project, segment, { title: 'One more', change: { segment: WIDER } }),
    approve: (who, { id, revision }) => who.client.approveChange(project, id, { revision }),
    apply: (who, { id, revision }) => who.client.applyChange(project, id, revision),
    reset: async () => {
      clock.at += 1
      await ada.client.setApprovalPolicy(project, 'production', { policy: null })
      await ada.client.putFlagConfig(PLACE, CONFIG)
      await ada.client.putSegment(project, 'pilots', PILOTS)
      await ada.client.putSegment(project, 'unused', PILOTS)
      await ada.client.setApprovalPolicy(project, 'production', { policy: POLICY })
    },
  }
}
