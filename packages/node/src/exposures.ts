import type { Attributes, Evaluation, FlagKey, Ruleset, UnitReader } from '@dimmer/engine'
import type { ExposureCount, FirstExposure } from '@dimmer/protocol'
import { isSendableText } from '@dimmer/sdk-core'
import { Units } from './unit-ids.ts'

export interface ExposuresOptions {
  /** How many reported unit ids to remember at the most; the oldest half is forgotten, and reported again, first. */
  readonly maxUnitIds: number
  readonly now: () => number
  /** Takes a first exposure; false when there is no room for it now. */
  readonly onFirst: (exposure: FirstExposure) => boolean
  /** Told once of each evaluation object, before it is counted. */
  readonly onNew: (evaluation: Evaluation) => void
}

type FirstTemplate = Omit<FirstExposure, 'unitId' | 'at'>

/** All evaluations that end alike: what is counted together, and which units are known to have had it. */
class Outcome {
  readonly template: FirstTemplate
  readonly readUnit: UnitReader | undefined
  /** The outcome for the unit of the share that held out, where that is another than the unit that decided. */
  heldOut: Outcome | undefined
  count = 0
  seen = new Set<string>()
  seenBefore: ReadonlySet<string> = new Set<string>()

  constructor(template: FirstTemplate, readUnit: UnitReader | undefined) {
    this.template = template
    this.readUnit = readUnit
  }
}

const MAX_FALLBACKS = 1_000

/** Counts what was served, and notices when a unit gets an outcome for the first time. */
export class Exposures {
  readonly #options: ExposuresOptions
  /** Evaluations are shared objects, so that the way from one to its counter is one look-up by identity. */
  readonly #byEvaluation = new Map<Evaluation, Outcome>()
  readonly #outcomes = new Map<string, Outcome>()
  readonly #counts = new Map<string, { readonly row: Omit<ExposureCount, 'count'>; count: number }>()
  #ruleset: Ruleset | undefined
  #units = new Units({})
  #seen = 0

  constructor(options: ExposuresOptions) {
    this.#options = options
  }

  /** To be called for every new ruleset. Outcomes of flags that didn't change go on as they were. */
  useRuleset(ruleset: Ruleset): void {
    this.#ruleset = ruleset
    this.#units = new Units(ruleset.units)
    this.#byEvaluation.clear()
    this.#collect()
    const versions = new Map(Object.entries(ruleset.flags).map(([key, flag]) => [key, flag.version]))
    for (const [key, { template }] of this.#outcomes) {
      if (versions.get(template.flag) !== template.flagVersion) this.#outcomes.delete(key)
    }
  }

  /** One evaluation that served a variant. */
  record(evaluation: Evaluation, context: Attributes): void {
    const outcome = this.#byEvaluation.get(evaluation) ?? this.#link(evaluation)
    if (outcome === undefined) return
    outcome.count++
    this.#notice(outcome, context)
    if (outcome.heldOut !== undefined) this.#notice(outcome.heldOut, context)
  }

  /** One evaluation in which the code's fallback was served. False when there are too many such keys to count. */
  recordFallback(flag: FlagKey, flagVersion: number): boolean {
    return flag !== '' && isSendableText(flag) && this.#count({ flag, flagVersion, variant: null }, 1)
  }

  /** The counts since the last call. */
  takeCounts(): ExposureCount[] {
    this.#collect()
    const counts = [...this.#counts.values()].map(({ row, count }) => ({ ...row, count }))
    this.#counts.clear()
    return counts
  }

  #notice(outcome: Outcome, context: Attributes): void {
    if (outcome.readUnit === undefined) return
    const id = outcome.readUnit(context)
    if (id !== undefined && !outcome.seen.has(id)) this.#first(outcome, id)
  }

  #link(evaluation: Evaluation): Outcome | undefined {
    const { flagKey: flag, flagVersion, variant, reason, heldOutBy = null } = evaluation
    if (variant === undefined) return undefined
    this.#options.onNew(evaluation)
    const rule = reason.kind === 'rule' ? reason.ruleId : null
    const unit = evaluation.unit ?? ''
    const heldUnit = this.#unitOfShare(flag, heldOutBy)
    const apart = heldUnit !== undefined && heldUnit !== unit
    const outcome = this.#outcome({ flag, flagVersion, variant, unit, rule, heldOutBy: apart ? null : heldOutBy })
    if (apart) outcome.heldOut = this.#outcome({ flag, flagVersion, variant, unit: heldUnit, rule, heldOutBy })
    this.#byEvaluation.set(evaluation, outcome)
    return outcome
  }

  #unitOfShare(flag: FlagKey, ruleId: string | null): string | undefined {
    if (ruleId === null || this.#ruleset === undefined || !Object.hasOwn(this.#ruleset.flags, flag)) return undefined
    return this.#ruleset.flags[flag]?.rules.find(({ id }) => id === ruleId)?.share?.unit
  }

  #outcome(template: FirstTemplate): Outcome {
    const { flag, flagVersion, variant, unit, rule, heldOutBy } = template
    const key = JSON.stringify([flag, flagVersion, variant, unit, rule, heldOutBy])
    const outcome = this.#outcomes.get(key) ?? new Outcome(template, this.#units.reader(unit))
    this.#outcomes.set(key, outcome)
    return outcome
  }

  #first(outcome: Outcome, unitId: string): void {
    const { maxUnitIds, now, onFirst } = this.#options
    if (!isSendableText(unitId)) return
    // What finds no room isn't remembered either, so that it is reported the next time.
    if (!outcome.seenBefore.has(unitId) && !onFirst({ ...outcome.template, unitId, at: now() })) return
    outcome.seen.add(unitId)
    this.#seen++
    if (this.#seen >= maxUnitIds / 2) this.#age()
  }

  /** The younger half of the remembered ids becomes the older half. */
  #age(): void {
    this.#seen = 0
    for (const outcome of this.#outcomes.values()) {
      outcome.seenBefore = outcome.seen
      outcome.seen = new Set()
    }
  }

  #collect(): void {
    for (const outcome of this.#outcomes.values()) {
      const { flag, flagVersion, variant } = outcome.template
      if (outcome.count > 0) this.#count({ flag, flagVersion, variant }, outcome.count)
      outcome.count = 0
    }
  }

  #count(row: Omit<ExposureCount, 'count'>, count: number): boolean {
    const key = JSON.stringify([row.flag, row.flagVersion, row.variant])
    const known = this.#counts.get(key)
    if (known !== undefined) known.count += count
    else if (row.variant === null && this.#counts.size >= MAX_FALLBACKS) return false
    else this.#counts.set(key, { row, count })
    return true
  }
}
