import { afterAll, beforeAll, expect, it } from 'vitest'
import { codeOf } from '../../../test/refusals.ts'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'
import { joinAs, setUpAdmin, type Visitor } from '../../../test/visitors.ts'

const { project } = SAMPLE
const POLICY = { switch: true, targeting: true, shareUpBy: 10, approvals: 2, roles: ['product', 'admin'] as const }

let server: TestServer
let ada: Visitor
let bert: Visitor
let carl: Visitor
let dora: Visitor
beforeAll(async () => {
  server = await startTestServer()
  ada = await setUpAdmin(server)
  bert = await joinAs(server, ada, { email: 'bert@example.com', role: 'engineer' })
  carl = await joinAs(server, ada, { email: 'carl@example.com', role: 'product' })
  dora = await joinAs(server, ada, { email: 'dora@example.com', role: 'product' })
})
afterAll(() => server.stop())

const setApprovals = (approvals: number | null) =>
  ada.client.setApprovalPolicy(project, 'production', {
    policy: approvals === null ? null : { ...POLICY, roles: [...POLICY.roles], approvals },
  })

/** A draft of Bert's, of a flag of its own, under a policy that asks for so many approvals. */
let drafts = 0
async function draft(approvals: number | null) {
  const [flag, segment] = [`rolled-${++drafts}`, `pilots-${drafts}`]
  const rules = [{ id: 'pilots', when: { segment }, serve: { variant: 'on' } }]
  const config = { on: true, fallthrough: { variant: 'off' }, rules }
  await setApprovals(null)
  await ada.client.putSegment(project, segment, { list: { unit: 'account', ids: ['acc-1'] } })
  await ada.client.createFlag(project, { key: flag, type: 'boolean', config })
  await setApprovals(approvals)
  const plan = { flag, environment: 'production', variant: 'on', unit: 'account', ruleId: 'stages' }
  const { id } = await bert.client.createRollout(project, { ...plan, stages: [{ percent: 50, hold: 'PT1H' }] })
  return {
    id,
    flag,
    segment,
    start: (who: Visitor) => codeOf(who.client.actOnRollout(project, id, { action: 'start' })),
    approve: (who: Visitor, note?: string) =>
      who.client.approveRollout(project, id, note === undefined ? {} : { note }),
    view: (who: Visitor) => who.client.rolloutApprovals(project, id),
  }
}

it('starts with as many approvals as the policy asks for, the one who starts it among them', async () => {
  const { id, start, approve, view } = await draft(2)
  expect(await start(bert)).toBe('approval-needed')
  expect(await start(carl)).toBe('approval-needed')
  expect(await view(carl)).toMatchObject({
    needed: 2,
    given: 0,
    roles: POLICY.roles,
    approvals: [],
    whyNotStart: expect.stringContaining('With you there is 1.'),
    whyNotApprove: null,
  })
  expect(await approve(dora, 'Looks safe')).toMatchObject({
    given: 1,
    approvals: [{ who: { name: 'dora' }, role: 'product', note: 'Looks safe', counts: true }],
    whyNotApprove: 'You have approved it.',
  })
  expect(await codeOf(approve(dora))).toBe('already-reviewed')
  expect(await start(dora)).toBe('approval-needed')
  expect((await view(carl)).whyNotStart).toBeNull()
  expect(await start(carl)).toBe('nothing refused')
  expect(await codeOf(approve(ada))).toBe('not-allowed-now')
  const { entries } = await ada.client.searchAudit(project, { verb: 'approve', object: 'rollout' })
  expect(entries).toMatchObject([{ object: { key: id }, comment: 'Looks safe' }])
})

it('is started by its author once enough others have approved it, and not by approvals of the author', async () => {
  const { start, approve, view } = await draft(2)
  expect(await codeOf(approve(bert))).toBe('own-change')
  expect(await view(bert)).toMatchObject({ whyNotStart: expect.stringContaining('You wrote the plan.') })
  await approve(carl)
  await approve(dora)
  expect(await start(bert)).toBe('nothing refused')
})

it('with one approval to give, whoever may give it starts it at once', async () => {
  const { start } = await draft(1)
  expect(await start(bert)).toBe('approval-needed')
  expect(await start(carl)).toBe('nothing refused')
})

it('takes approvals only of roles that the policy names, and none where it asks for none', async () => {
  const eve = await joinAs(server, ada, { email: 'eve@example.com', role: 'engineer' })
  const asked = await draft(2)
  expect(await codeOf(asked.approve(eve))).toBe('not-allowed-now')
  expect((await asked.view(eve)).whyNotApprove).toContain('your role is engineer')
  const free = await draft(null)
  expect(await free.view(bert)).toMatchObject({ needed: 0, whyNotStart: null })
  expect(await codeOf(free.approve(carl))).toBe('not-allowed-now')
})

it('an approval is of the flag as it was: another rule or another segment makes it void, a kill does not', async () => {
  const { flag, segment, start, approve, view } = await draft(2)
  const given = async () => (await view(carl)).given
  await approve(dora)
  await bert.client.kill(at(flag), 0)
  expect(await given()).toBe(1)
  await ada.client.patchSegment(project, segment, { list: { unit: 'account', ids: ['acc-1', 'acc-2'] } })
  expect(await view(carl)).toMatchObject({ given: 0, approvals: [{ counts: false }] })
  await approve(dora)
  expect(await given()).toBe(1)
  await bert.client.putFlagConfig(at(flag), {
    on: false,
    offVariant: 'off',
    prerequisites: [],
    rules: [],
    fallthrough: { variant: 'off' },
  })
  expect(await given()).toBe(0)
  await setApprovals(null)
  await ada.client.switchFlag(at(flag), true)
  await setApprovals(2)
  expect(await start(carl)).toBe('approval-needed')
})

it('an approval ends with the account of who gave it', async () => {
  const { start, approve, view } = await draft(2)
  await approve(dora)
  await ada.client.disablePerson((await dora.client.session()).person?.id ?? '')
  expect((await view(carl)).given).toBe(0)
  expect(await start(carl)).toBe('approval-needed')
})

it('is started past approvals by break-glass, and that stands out', async () => {
  const { id } = await draft(2)
  const answer = await bert.fetch(`/api/v1/projects/${project}/rollouts/${id}/start`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json', 'dimmer-break-glass': 'Nobody%20is%20awake' },
  })
  expect(answer.status).toBe(200)
  const { entries } = await ada.client.searchAudit(project, { flagged: 'break-glass', verb: 'start' })
  expect(entries).toMatchObject([{ object: { key: id }, comment: 'Nobody is awake' }])
})
