import { type ChangeRequestView, type CreateChangeRequest, REQUEST_HEADER } from '@dimmer/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { codeOf } from '../../../test/refusals.ts'
import { at, SAMPLE, startTestServer, type TestServer } from '../../../test/test-server.ts'
import { joinAs, setUpAdmin, type Visitor } from '../../../test/visitors.ts'
import { Hub } from '../../kernel/hub.ts'
import { applyDue } from './index.ts'

const { project } = SAMPLE
const PDF = at('new-pdf-engine')
const share = (percent: number): CreateChangeRequest => ({
  title: `To ${percent} %`,
  change: { rule: 'rollout', share: { unit: 'account', percent } },
})

let server: TestServer
let ada: Visitor
let bert: Visitor
let carl: Visitor
let now = Date.now()
beforeAll(async () => {
  server = await startTestServer({ clock: { now: () => now } })
  ada = await setUpAdmin(server)
  bert = await joinAs(server, ada, { email: 'bert@example.com', role: 'engineer' })
  carl = await joinAs(server, ada, { email: 'carl@example.com', role: 'product' })
})
afterAll(() => server.stop())

const idOf = async ({ client }: Visitor) => (await client.session()).person?.id

const percent = async () => {
  const flag = await ada.client.getFlag(project, PDF.flag)
  return flag.environments.find(({ environment }) => environment === 'production')?.rules[0]?.share?.percent
}
const ask = (visitor: Visitor, request = share(50)) => visitor.client.requestChange(PDF, request)
const approve = (visitor: Visitor, { id, revision }: ChangeRequestView) =>
  visitor.client.approveChange(project, id, { revision })
const apply = (visitor: Visitor, { id, revision }: ChangeRequestView) =>
  visitor.client.applyChange(project, id, revision)
const newest = async () => (await ada.client.searchAudit(project, { limit: 3 })).entries

/** Every test begins with the flag at 5 %, with the policy that production has by itself. */
beforeEach(async () => {
  await ada.client.setApprovalPolicy(project, 'production', { policy: null })
  await ada.client.setShare(PDF, 'rollout', { unit: 'account', percent: 5 })
  const roles = ['product', 'engineer', 'admin'] as const
  const policy = { switch: true, targeting: true, shareUpBy: 10, approvals: 1, roles: [...roles] }
  await ada.client.setApprovalPolicy(project, 'production', { policy })
})

describe('by default', () => {
  it('whoever is alone is never asked for approval; with two people, production is', async () => {
    const alone = await startTestServer()
    try {
      const { admin } = alone
      expect(await admin.getApprovalPolicy(project, 'production')).toMatchObject({ policy: null, approvers: 0 })
      await admin.switchFlag(PDF, false)
      const first = await setUpAdmin(alone)
      expect(await first.client.getApprovalPolicy(project, 'production')).toMatchObject({ policy: null, approvers: 1 })
      await joinAs(alone, first, { email: 'vera@example.com', role: 'viewer' })
      await first.client.switchFlag(PDF, true)
      await joinAs(alone, first, { email: 'bert@example.com', role: 'engineer' })
      expect(await first.client.getApprovalPolicy(project, 'production')).toMatchObject({
        policy: { approvals: 1 },
        source: 'default',
        approvers: 2,
      })
      expect(await codeOf(first.client.switchFlag(PDF, false))).toBe('approval-needed')
      await first.client.switchFlag({ ...PDF, environment: 'development' }, false)
    } finally {
      await alone.stop()
    }
  })
})

describe('a direct change that needs approval', () => {
  it('is refused and changes nothing; what does not need it goes through', async () => {
    expect(await codeOf(ada.client.setShare(PDF, 'rollout', { unit: 'account', percent: 50 }))).toBe('approval-needed')
    expect(await codeOf(ada.client.archiveFlag(project, PDF.flag))).toBe('approval-needed')
    expect(await percent()).toBe(5)
    await bert.client.setShare(PDF, 'rollout', { unit: 'account', percent: 12 })
    expect(await percent()).toBe(12)
  })

  it('but a kill is always allowed at once, and stands out in the log', async () => {
    const flag = at('redesigned-dashboard')
    await bert.client.kill(flag, 0)
    expect(await newest()).toMatchObject([{ verb: 'kill', flagged: 'kill', who: { name: 'bert' } }, {}, {}])
    expect(await codeOf(bert.client.switchFlag(flag, true))).toBe('approval-needed')
  })

  it('goes through with a reason by break-glass, and stands out in the log', async () => {
    const answer = await bert.fetch(
      `/api/v1/projects/${project}/flags/${PDF.flag}/environments/production/rules/rollout/share`,
      {
        method: 'PUT',
        body: JSON.stringify({ unit: 'account', percent: 60 }),
        headers: { 'content-type': 'application/json', 'dimmer-break-glass': 'Outage%20of%20the%20old%20engine' },
      },
    )
    expect(answer.status).toBe(200)
    expect(await newest()).toMatchObject([
      { verb: 'share', flagged: 'break-glass', comment: 'Outage of the old engine', who: { name: 'bert' } },
      {},
      {},
    ])
  })
})

describe('a change request', () => {
  it('is approved by somebody else, applied, and written down', async () => {
    const made = await ask(bert, { ...share(50), comment: 'All pilots are happy' })
    expect(made).toMatchObject({
      status: 'open',
      conflict: false,
      approvals: { needed: 1, given: 0 },
      changes: [{ path: 'rules.rollout.share.percent', before: 5, after: 50 }],
      reasons: [expect.stringContaining('from 5 % to 50 %')],
      reviews: [{ verdict: 'comment', comment: 'All pilots are happy' }],
    })
    expect(await percent()).toBe(5)
    expect(await codeOf(apply(bert, made))).toBe('approval-needed')
    expect(await codeOf(approve(bert, made))).toBe('own-change')
    expect(await approve(carl, made)).toMatchObject({ approvals: { given: 1 } })
    expect(await codeOf(approve(carl, made))).toBe('already-reviewed')
    expect(await apply(bert, made)).toMatchObject({ status: 'applied', appliedBy: { name: 'bert' }, conflict: false })
    expect(await percent()).toBe(50)
    const log = (await ada.client.searchAudit(project, { text: made.id })).entries
    expect(log.map(({ verb, who }) => [verb, who.name])).toEqual([
      ['apply', 'bert'],
      ['approve', 'carl'],
      ['request', 'bert'],
    ])
    expect(await codeOf(apply(bert, made))).toBe('not-allowed-now')
  })

  it('loses its approvals when it is edited, and its editor may not approve it', async () => {
    const made = await ask(bert)
    await approve(carl, made)
    const edited = await ada.client.editChangeRequest(project, made.id, share(80))
    expect(edited).toMatchObject({
      revision: 2,
      approvals: { given: 0 },
      after: { rules: [{ share: { percent: 80 } }] },
      writers: [await idOf(bert), await idOf(ada)],
    })
    expect(await codeOf(apply(bert, made))).toBe('version-conflict')
    expect(await codeOf(apply(bert, edited))).toBe('approval-needed')
    expect(await codeOf(approve(carl, made))).toBe('version-conflict')
    expect(await codeOf(approve(ada, edited))).toBe('own-change')
    await approve(carl, edited)
    await apply(bert, edited)
    expect(await percent()).toBe(80)
  })

  it('is rejected with a reason, and waits for an edit', async () => {
    const made = await ask(bert)
    const { id, revision } = made
    expect(await codeOf(carl.client.rejectChange(project, id, { revision, comment: '' }))).toBe('invalid-request')
    await carl.client.rejectChange(project, id, { revision, comment: 'Too fast' })
    expect(await codeOf(approve(ada, made))).toBe('not-allowed-now')
    expect(await codeOf(apply(bert, made))).toBe('approval-needed')
    const edited = await bert.client.editChangeRequest(project, id, share(30))
    expect(edited).toMatchObject({ status: 'open', revision: 2 })
    await approve(carl, edited)
    await apply(bert, edited)
  })

  it('shows when the flag was changed since, and is refused then until it is edited', async () => {
    const made = await ask(bert)
    await approve(carl, made)
    await ada.client.setShare(PDF, 'rollout', { unit: 'account', percent: 7 })
    expect(await ada.client.getChangeRequest(project, made.id)).toMatchObject({ conflict: true })
    expect(await codeOf(apply(bert, made))).toBe('version-conflict')
    const edited = await bert.client.editChangeRequest(project, made.id, share(50))
    expect(edited).toMatchObject({ conflict: false, changes: [{ before: 7, after: 50 }] })
  })

  it('that was cancelled is over', async () => {
    const made = await ask(bert)
    await bert.client.cancelChange(project, made.id)
    expect(await codeOf(approve(carl, made))).toBe('not-allowed-now')
    expect(await codeOf(bert.client.editChangeRequest(project, made.id, share(9)))).toBe('not-allowed-now')
  })

  it('that makes no sense is refused before anybody has to look at it', async () => {
    expect(
      await codeOf(ask(bert, { title: 'x', change: { rule: 'nothing', share: { unit: 'account', percent: 1 } } })),
    ).toBe('rule-not-found')
    expect(await codeOf(ask(bert, share(101)))).toBe('invalid-request')
    const broken = { rule: 'rollout', share: { unit: 'nobody', percent: 50 } }
    expect(await codeOf(ask(bert, { title: 'x', change: broken }))).toBe('invalid-flag')
    expect(await codeOf(ask(bert, { ...share(50), ifVersion: 0 }))).toBe('version-conflict')
  })

  it('of another project is not there', async () => {
    const made = await ask(bert)
    await ada.client.createProject({ key: 'elsewhere', name: 'Elsewhere' }).catch(() => undefined)
    expect(await codeOf(ada.client.getChangeRequest('elsewhere', made.id))).toBe('change-request-not-found')
    expect(await codeOf(ada.client.approveChange('elsewhere', made.id, { revision: 1 }))).toBe(
      'change-request-not-found',
    )
  })

  it('is applied without approvals by break-glass, and that stands out', async () => {
    const made = await ask(bert)
    const answer = await bert.fetch(`/api/v1/projects/${project}/change-requests/${made.id}/apply`, {
      method: 'POST',
      body: JSON.stringify({ revision: 1 }),
      headers: { 'content-type': 'application/json', 'dimmer-break-glass': 'Everybody%20is%20on%20a%20plane' },
    })
    expect(answer.status).toBe(200)
    const flagged = (await ada.client.searchAudit(project, { flagged: 'break-glass', limit: 2 })).entries
    expect(flagged.map(({ verb, comment }) => [verb, comment]).sort()).toEqual([
      ['apply', 'Everybody is on a plane'],
      ['share', 'Everybody is on a plane'],
    ])
  })
})

describe('at the same time', () => {
  it('two people approve: both count', async () => {
    const policy = {
      switch: true,
      targeting: true,
      shareUpBy: 0,
      approvals: 2,
      roles: ['product' as const, 'admin' as const],
    }
    await ada.client.setApprovalPolicy(project, 'production', { policy })
    const made = await ask(bert)
    await Promise.all([approve(carl, made), approve(ada, made)])
    expect(await ada.client.getChangeRequest(project, made.id)).toMatchObject({ approvals: { given: 2 } })
    await apply(bert, made)
  })

  it('one person approves ten times: it counts once', async () => {
    const made = await ask(bert)
    const done = await Promise.allSettled(Array.from({ length: 10 }, () => approve(carl, made)))
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await ada.client.getChangeRequest(project, made.id)).approvals.given).toBe(1)
  })

  it('it is applied on two nodes: once', async () => {
    const other = await startTestServer({ databaseUrl: server.databaseUrl, clock: { now: () => now } })
    try {
      const made = await ask(bert)
      await approve(carl, made)
      const entries = (await ada.client.verifyAudit(project)).entries
      const on = (url: string) =>
        fetch(`${url}/api/v1/projects/${project}/change-requests/${made.id}/apply`, {
          method: 'POST',
          body: JSON.stringify({ revision: 1 }),
          headers: { 'content-type': 'application/json', cookie: bert.cookie(), [REQUEST_HEADER]: '1' },
        })
      const answers = await Promise.all([server.url, other.url, server.url, other.url].map(on))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
      expect(await percent()).toBe(50)
      expect((await ada.client.verifyAudit(project)).entries).toBe(entries + 2)
    } finally {
      await other.stop()
    }
  })
})

describe('with a time', () => {
  const worker = () => {
    const nothing = () => undefined
    return applyDue({
      db: server.db,
      clock: { now: () => now },
      hub: new Hub(nothing),
      guardChange: async () => undefined,
      approvers: async () => [(await idOf(carl)) ?? ''],
      announce: nothing,
    })
  }
  const schedule = (visitor: Visitor, { id }: ChangeRequestView, inMs: number) =>
    visitor.client.scheduleChange(project, id, new Date(now + inMs).toISOString())

  it('is applied then and not before, by whichever node comes first, once', async () => {
    const made = await ask(bert)
    await approve(carl, made)
    expect(await codeOf(schedule(bert, made, -1))).toBe('invalid-request')
    expect(await schedule(bert, made, 60_000)).toMatchObject({ applyAt: new Date(now + 60_000).toISOString() })
    await worker()
    expect(await percent()).toBe(5)
    now += 60_000
    await Promise.all([worker(), worker(), worker()])
    expect(await ada.client.getChangeRequest(project, made.id)).toMatchObject({
      status: 'applied',
      appliedBy: { kind: 'controller' },
      problem: null,
    })
    expect((await ada.client.searchAudit(project, { text: made.id, verb: 'apply' })).entries).toHaveLength(1)
  })

  it('is not applied when it lacks approvals by then: it waits for people, and says why', async () => {
    const made = await ask(bert)
    await schedule(bert, made, 1_000)
    now += 1_000
    await worker()
    const waiting = await ada.client.getChangeRequest(project, made.id)
    expect(waiting).toMatchObject({ status: 'open', applyAt: null, problem: expect.stringContaining('0 of 1') })
    expect(await percent()).toBe(5)
  })
})

describe('a policy', () => {
  it('is set by an admin alone, and its change is written down', async () => {
    expect(await codeOf(bert.client.setApprovalPolicy(project, 'production', { policy: null }))).toBe('forbidden')
    await ada.client.setApprovalPolicy(project, 'production', { policy: null })
    expect(await newest()).toMatchObject([{ verb: 'change', object: { kind: 'approval-policy' } }, {}, {}])
    await bert.client.setShare(PDF, 'rollout', { unit: 'account', percent: 50 })
  })

  it('counts only those who may still approve: not who has another role since, or whose account is disabled', async () => {
    const dora = await joinAs(server, ada, { email: 'dora@example.com', role: 'product' })
    const id = (await idOf(dora)) ?? ''
    const made = await ask(bert)
    expect(await approve(dora, made)).toMatchObject({ approvals: { given: 1 }, reviews: [{ counts: true }] })
    const given = async () => (await ada.client.getChangeRequest(project, made.id)).approvals.given
    await ada.client.setMember(project, id, { role: 'viewer' })
    expect(await given()).toBe(0)
    await ada.client.setMember(project, id, { role: 'product' })
    expect(await given()).toBe(1)
    await ada.client.disablePerson(id)
    expect(await given()).toBe(0)
    expect(await codeOf(apply(bert, made))).toBe('approval-needed')
    await ada.client.removePerson(id)
    expect(await codeOf(apply(bert, made))).toBe('approval-needed')
    await approve(carl, made)
    expect(await apply(bert, made)).toMatchObject({ status: 'applied' })
  })

  it('counts only the roles that it names', async () => {
    const policy = { switch: true, targeting: true, shareUpBy: 0, approvals: 1, roles: ['admin' as const] }
    await ada.client.setApprovalPolicy(project, 'production', { policy })
    const made = await ask(bert)
    expect(await approve(carl, made)).toMatchObject({ approvals: { given: 0 } })
    expect(await approve(ada, made)).toMatchObject({ approvals: { given: 1 } })
  })
})
