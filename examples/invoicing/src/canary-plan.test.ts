import { eventsJudged, type PlanInput } from '@dimmer/rollout'
import { expect, it } from 'vitest'
import { FLAGS } from './api/flags.ts'
import { PDF_EVENT } from './api/pdf-route.ts'
import { canaryPlan } from './canary-plan.ts'

it('plans 5 -> 25 -> 50 -> 100 % of accounts on the event that the API reports', () => {
  const plan: PlanInput = canaryPlan({ holds: ['PT1H', 'PT2H', 'PT3H', 'PT4H'], environment: 'development' })
  expect(plan).toMatchObject({ flag: FLAGS.newPdfEngine, environment: 'development', unit: 'account' })
  expect(plan.stages.map(({ percent, hold }) => [percent, hold])).toEqual([
    [5, 'PT1H'],
    [25, 'PT2H'],
    [50, 'PT3H'],
    [100, 'PT4H'],
  ])
  expect(plan.guardrails?.flatMap(eventsJudged)).toEqual([PDF_EVENT, PDF_EVENT])
})
