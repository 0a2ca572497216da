import { createAdminClient } from '@dimmer/protocol'
import { expect } from 'vitest'
import { applyDue } from '../../src/features/approvals/index.ts'
import { Hub } from '../../src/kernel/hub.ts'
import { codeOf } from '../refusals.ts'
import type { ServingRoute } from '../serving-routes.ts'
import { at, SAMPLE } from '../test-server.ts'
import type { Visitor } from '../visitors.ts'
import { CONFIG, FLAG, type GuardedWorld, PLACE, POLICY, share, WIDER } from './guarded-world.ts'

const { project } = SAMPLE
const keyOf = async (who: Visitor) => (await who.client.createPersonalKey({ name: 'script' })).key
const plan = {
  flag: 'rolled',
  environment: 'production',
  variant: 'on',
  unit: 'account',
  ruleId: 'stages',
  stages: [{ percent: 100, hold: 'PT1H' }],
}

type Attempt = readonly [what: string, attempt: (world: GuardedWorld) => Promise<unknown>, refusal: string]

/** Bert, an engineer, tries alone to change what production serves: by every route that can, in every way it allows. */
export const WAYS_AROUND: Readonly<Record<ServingRoute, readonly Attempt[]>> = {
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/switch': [
    ['switching off', ({ bert }) => bert.client.switchFlag(PLACE, false), 'approval-needed'],
  ],
  'PUT /api/v1/projects/{project}/flags/{flag}/environments/{environment}': [
    ['another rule', ({ bert }) => bert.client.putFlagConfig(PLACE, { ...CONFIG, rules: [] }), 'approval-needed'],
    [
      'another off variant',
      ({ bert }) => bert.client.putFlagConfig(PLACE, { ...CONFIG, offVariant: 'on' }),
      'approval-needed',
    ],
    [
      'another prerequisite',
      ({ bert }) =>
        bert.client.putFlagConfig(PLACE, { ...CONFIG, prerequisites: [{ flag: 'rolled', variants: ['on'] }] }),
      'approval-needed',
    ],
    [
      'by a personal key',
      async ({ server, bert }) =>
        createAdminClient({ url: server.url, token: await keyOf(bert) }).putFlagConfig(PLACE, { ...CONFIG, rules: [] }),
      'approval-needed',
    ],
  ],
  'PUT /api/v1/projects/{project}/flags/{flag}/environments/{environment}/rules/{rule}/share': [
    ['a higher share', ({ bert }) => bert.client.setShare(PLACE, 'share', share), 'approval-needed'],
    [
      'a higher share in small steps',
      async ({ bert }) => {
        const raiseTo = (percent: number) => bert.client.setShare(PLACE, 'share', { unit: 'workspace', percent })
        await raiseTo(10)
        await raiseTo(15)
        return raiseTo(20)
      },
      'approval-needed',
    ],
    [
      'a higher share in small steps, by requests that by themselves need no approval',
      async ({ bert, apply }) => {
        for (const percent of [10, 15, 20]) {
          const change = { rule: 'share', share: { unit: 'workspace', percent } }
          await apply(bert, await bert.client.requestChange(PLACE, { title: `To ${percent} %`, change }))
        }
      },
      'approval-needed',
    ],
    [
      'a share of something else',
      ({ bert }) => bert.client.setShare(PLACE, 'share', { unit: 'account', percent: 5 }),
      'approval-needed',
    ],
  ],
  'DELETE /api/v1/projects/{project}/flags/{flag}': [
    ['archiving', ({ bert }) => bert.client.archiveFlag(project, FLAG), 'approval-needed'],
  ],
  'POST /api/v1/projects/{project}/flags': [
    [
      'a new flag that is on, for code that asks for it already',
      ({ bert }) => bert.client.createFlag(project, { key: 'fresh', type: 'boolean', config: { on: true } }),
      'approval-needed',
    ],
  ],
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/kill': [
    [
      'switching on again after a kill, which is always allowed',
      async ({ ada, bert, served }) => {
        await ada.client.createFlag(project, { key: 'victim', type: 'boolean' })
        await bert.client.kill(at('victim'), 0)
        const before = await served()
        const refused = codeOf(bert.client.switchFlag(at('victim'), true))
        expect(await refused).toBe('approval-needed')
        expect(await served()).toBe(before)
        await ada.client.archiveFlag(project, 'victim')
        return bert.client.switchFlag(PLACE, false)
      },
      'approval-needed',
    ],
  ],
  'PUT /api/v1/projects/{project}/segments/{segment}': [
    [
      'another condition',
      ({ bert }) => bert.client.putSegment(project, 'outer', { when: { attribute: 'plan', op: 'equals', value: 'x' } }),
      'approval-needed',
    ],
    [
      'another list, in a segment inside it',
      ({ bert }) => bert.client.putSegment(project, 'pilots', WIDER),
      'approval-needed',
    ],
  ],
  'PATCH /api/v1/projects/{project}/segments/{segment}': [
    ['a longer list', ({ bert }) => bert.client.patchSegment(project, 'pilots', WIDER), 'approval-needed'],
    [
      'exceptions',
      ({ bert }) => bert.client.patchSegment(project, 'outer', { exclude: { unit: 'account', ids: ['acc-1'] } }),
      'approval-needed',
    ],
    [
      'by a personal key',
      async ({ server, bert }) =>
        createAdminClient({ url: server.url, token: await keyOf(bert) }).patchSegment(project, 'pilots', WIDER),
      'approval-needed',
    ],
  ],
  'DELETE /api/v1/projects/{project}/segments/{segment}': [
    ['a segment that rules name', ({ bert }) => bert.client.deleteSegment(project, 'pilots'), 'segment-in-use'],
  ],
  'PUT /api/v1/projects/{project}/units/{unit}': [
    [
      'another attribute for a unit, by an admin',
      ({ ada }) => ada.client.putUnit(project, 'workspace', { attribute: 'teamId' }),
      'unit-in-use',
    ],
  ],
  'DELETE /api/v1/projects/{project}/units/{unit}': [
    ['a unit that shares count by', ({ ada }) => ada.client.deleteUnit(project, 'workspace'), 'unit-in-use'],
  ],
  'PUT /api/v1/projects/{project}/private-attributes': [
    ['what SDKs keep to themselves', ({ bert }) => bert.client.putPrivateAttributes(project, ['plan']), 'forbidden'],
  ],
  'POST /api/v1/projects/{project}/rollouts/{id}/start': [
    [
      'starting the plan that one wrote',
      async ({ bert }) => {
        const { id } = await bert.client.createRollout(project, plan)
        return bert.client.actOnRollout(project, id, { action: 'start' })
      },
      'approval-needed',
    ],
    [
      'starting it with a role that the policy does not name',
      async ({ ada, bert, carl }) => {
        await ada.client.setApprovalPolicy(project, 'production', { policy: { ...POLICY, roles: ['product'] } })
        const { id } = await carl.client.createRollout(project, plan)
        return bert.client.actOnRollout(project, id, { action: 'start' })
      },
      'approval-needed',
    ],
    [
      'starting the plan of another, where two must approve',
      async ({ ada, bert, carl }) => {
        await ada.client.setApprovalPolicy(project, 'production', { policy: { ...POLICY, approvals: 2 } })
        const { id } = await carl.client.createRollout(project, plan)
        await bert.client.approveRollout(project, id)
        return bert.client.actOnRollout(project, id, { action: 'start' })
      },
      'approval-needed',
    ],
    [
      'starting the plan that one wrote, where only a raise by more than a few points needs approval',
      async ({ ada, bert }) => {
        await ada.client.setApprovalPolicy(project, 'production', { policy: { ...POLICY, targeting: false } })
        const { id } = await bert.client.createRollout(project, plan)
        return bert.client.actOnRollout(project, id, { action: 'start' })
      },
      'approval-needed',
    ],
  ],
  'POST /api/v1/projects/{project}/rollouts/{id}/roll-back': [
    [
      'rolling back what was not started',
      async ({ bert }) => {
        const { id } = await bert.client.createRollout(project, plan)
        return bert.client.actOnRollout(project, id, { action: 'roll-back' })
      },
      'not-allowed-now',
    ],
  ],
  'POST /api/v1/projects/{project}/change-requests/{id}/apply': [
    ['a request that nobody approved', async ({ bert, ask, apply }) => apply(bert, await ask()), 'approval-needed'],
    [
      'a segment that nobody approved',
      async ({ bert, askSegment, apply }) => apply(bert, await askSegment()),
      'approval-needed',
    ],
    [
      'with an approval of oneself, by a personal key',
      async ({ server, bert, ask }) => {
        const made = await ask()
        const script = createAdminClient({ url: server.url, token: await keyOf(bert) })
        return script.approveChange(project, made.id, { revision: 1 })
      },
      'own-change',
    ],
    [
      'edited after it was approved',
      async ({ bert, carl, askSegment, approve, apply }) => {
        const made = await askSegment()
        await approve(carl, made)
        const change = { segment: { when: { attribute: 'plan', op: 'exists' as const } } }
        return apply(bert, await bert.client.editChangeRequest(project, made.id, { change }))
      },
      'approval-needed',
    ],
    [
      'approved by one who edited it before',
      async ({ carl, askSegment, approve }) => {
        const made = await askSegment()
        return approve(carl, await carl.client.editChangeRequest(project, made.id, {}))
      },
      'own-change',
    ],
    [
      'naming a segment that nobody uses, which is then swapped',
      async ({ bert, carl, served, approve, apply }) => {
        const rules = [{ id: 'r', when: { segment: 'unused' }, serve: { variant: 'on' } }, ...CONFIG.rules]
        const made = await bert.client.requestChange(PLACE, {
          title: 'For few',
          change: { config: { ...CONFIG, rules } },
        })
        await approve(carl, made)
        await bert.client.putSegment(project, 'unused', { when: { not: { attribute: 'x', op: 'equals', value: 1 } } })
        await expect(served()).resolves.toContain('"unused"')
        return apply(bert, made)
      },
      'version-conflict',
    ],
    [
      'of a segment that was changed since',
      async ({ bert, carl, askSegment, approve, apply }) => {
        const made = await askSegment()
        await approve(carl, made)
        const second = await bert.client.requestSegmentChange(project, 'pilots', {
          title: 'Nobody',
          change: { segment: { list: { unit: 'account', ids: ['acc-2', 'acc-1'] } } },
        })
        await approve(carl, second)
        await apply(bert, second)
        expect(await bert.client.getChangeRequest(project, made.id)).toMatchObject({ conflict: true })
        return apply(bert, made)
      },
      'version-conflict',
    ],
    [
      'at a time, without approval',
      async ({ server, clock, bert, askSegment, apply }) => {
        const made = await askSegment()
        await bert.client.scheduleChange(project, made.id, new Date(clock.at + 1_000).toISOString())
        clock.at += 1_000
        const hub = new Hub<never>(() => undefined)
        const deps = { db: server.db, clock: { now: () => clock.at }, hub, announce: () => undefined }
        await applyDue({ ...deps, guardChange: async () => undefined, approvers: async () => [] })
        expect(await bert.client.getChangeRequest(project, made.id)).toMatchObject({
          status: 'open',
          problem: expect.stringContaining('0 of 1'),
        })
        return apply(bert, made)
      },
      'approval-needed',
    ],
  ],
}
