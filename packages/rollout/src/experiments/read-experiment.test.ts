import {
  type ArmOutcome,
  defineMetric,
  type ExperimentDefinition,
  type ExperimentFacts,
  readExperiment,
} from '@dimmer/rollout'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../stats/test/random.ts'
import { T0 } from '../../test/plans.ts'

const CREATED = defineMetric({ kind: 'mean', key: 'created', name: 'Invoices created', event: 'invoice.created' })
const EXPORTED = defineMetric({ kind: 'mean', key: 'exported', name: 'PDF exports', event: 'pdf.exported' })
const experiment: ExperimentDefinition = {
  baseline: 'old',
  arms: [
    { variant: 'old', weight: 50 },
    { variant: 'new', weight: 50 },
  ],
  metrics: [CREATED, EXPORTED],
  segment: 'plan',
}

/** Accounts of very different sizes, each of which does about as much as it did before; the new arm does `lift` more. */
function population(lifts: Readonly<Record<string, number>>, { seed = 1, units = 12_000 } = {}): ExperimentFacts {
  const random = seededRandom(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const accounts = Array.from({ length: units }, (_, index) => ({
    unitId: `account ${index}`,
    variant: random() < 0.5 ? 'old' : 'new',
    size: 20 * Math.exp(0.8 * normal()),
    plan: index % 4 === 0 ? 'pro' : 'free',
  }))
  const outcomesOf = (lift: number): ArmOutcome[] =>
    accounts.map(({ unitId, variant, size, plan }) => ({
      unitId,
      variant,
      maturesAt: T0,
      value: size * Math.exp(0.3 * normal()) * (variant === 'new' ? 1 + lift : 1),
      before: size * Math.exp(0.3 * normal()),
      segments: { plan },
    }))
  const seen = (variant: string) => accounts.filter(account => account.variant === variant).length
  return {
    seen: { old: seen('old'), new: seen('new') },
    crossed: 0,
    outcomes: Object.fromEntries(Object.entries(lifts).map(([key, lift]) => [key, outcomesOf(lift)])),
  }
}

describe('a split read as an A/B test', () => {
  it('marks what the intervals were not checked for: values without a cap, and small arms', () => {
    const facts = population({ created: 0, exported: 0 }, { units: 2_000 })
    const metrics = [{ ...CREATED, cap: 200 }, EXPORTED]
    const marks = (definition: ExperimentDefinition) =>
      readExperiment(definition, facts, T0).metrics.map(({ arms }) => arms[0]?.notCalibrated)
    expect(marks({ ...experiment, metrics })).toEqual([undefined, expect.stringContaining('values have no cap')])
    const arms = [
      { variant: 'old', weight: 90 },
      { variant: 'new', weight: 10 },
    ]
    expect(marks({ ...experiment, metrics, arms })[0]).toMatch(/less than a quarter of the split/)
  })

  it('finds +12 % invoices created and -8 % PDF exports', () => {
    const { metrics, sick } = readExperiment(experiment, population({ created: 0.12, exported: -0.08 }), T0)
    const [created, exported] = metrics.map(({ arms }) => arms[0])
    expect(sick).toBeUndefined()
    expect(created).toMatchObject({ variant: 'new', verdict: 'better' })
    expect(created?.sentence).toMatch(/^\+1[123] % invoices created \(\+\d.* % to \+\d.* %\)$/)
    expect(created?.lower).toBeLessThan(0.12)
    expect(created?.upper).toBeGreaterThan(0.12)
    expect(exported?.verdict).toBe('worse')
    expect(exported?.sentence).toMatch(/^-[789].* % PDF exports/)
    expect(exported?.lower).toBeLessThan(-0.08)
    expect(exported?.upper).toBeGreaterThan(-0.08)
  })

  it('is narrower with history, by what it explains', () => {
    const facts = population({ created: 0.12 })
    const bare = {
      ...facts,
      outcomes: { created: (facts.outcomes.created ?? []).map(({ before: _, ...rest }) => rest) },
    }
    const width = (given: ExperimentFacts) => {
      const arm = readExperiment(experiment, given, T0).metrics[0]?.arms[0]
      return { width: (arm?.upper ?? 0) - (arm?.lower ?? 0), explained: arm?.explained }
    }
    expect(width(bare).explained).toBe(0)
    expect(width(facts).explained).toBeGreaterThan(0.5)
    expect(width(facts).width).toBeLessThan(0.75 * width(bare).width)
  })

  it('rarely finds what is not there, in all or in segments', () => {
    const readings = Array.from({ length: 40 }, (_, seed) =>
      readExperiment(experiment, population({ created: 0 }, { seed: seed + 10, units: 1500 }), T0),
    )
    const wrong = readings.filter(({ metrics }) => metrics[0]?.arms[0]?.verdict !== 'no-difference-yet')
    const found = readings.filter(({ metrics }) => metrics[0]?.segments.some(segment => segment.found))
    expect(wrong.length).toBeLessThanOrEqual(2)
    expect(found.length).toBeLessThanOrEqual(2)
  })

  it('says for which segments it holds', () => {
    const facts = population({ created: 0 })
    const outcomes = (facts.outcomes.created ?? []).map(outcome =>
      outcome.segments?.plan === 'pro' && outcome.variant === 'new'
        ? { ...outcome, value: outcome.value * 1.3 }
        : outcome,
    )
    const [created] = readExperiment(experiment, { ...facts, outcomes: { created: outcomes } }, T0).metrics
    expect(created?.segments.map(({ segment, found }) => [segment, found])).toEqual([
      ['free', false],
      ['pro', true],
    ])
  })

  it('gives no interval of a few units, and counts nobody whose window is still open', () => {
    const few = readExperiment(experiment, population({ created: 0.5 }, { units: 60 }), T0).metrics[0]?.arms[0]
    expect(few).toMatchObject({ verdict: 'too-few-units', lower: undefined })
    expect(few?.sentence).toContain('too few units')
    const early = readExperiment(experiment, population({ created: 0.5 }), T0 - 1).metrics[0]?.arms[0]
    expect(early).toMatchObject({ units: 0, lift: undefined, sentence: 'Invoices created: nothing to compare yet.' })
  })

  it('is sick with arms of the wrong size or units in both, and says which', () => {
    const facts = population({ created: 0 }, { units: 200 })
    const sick = (change: Partial<ExperimentFacts>) => readExperiment(experiment, { ...facts, ...change }, T0).sick
    expect(sick({ seen: { old: 1000, new: 1300 } })).toMatch(
      /^The arms don't have the planned sizes: old 1,000, new 1,300/,
    )
    expect(sick({ crossed: 20 })).toContain('20 units were seen in more than one arm')
    expect(sick({})).toBeUndefined()
  })

  it('refuses a baseline that is not an arm', () => {
    expect(() => readExperiment({ ...experiment, baseline: 'lost' }, population({}), T0)).toThrow(RangeError)
  })
})
