import type { Evaluation, Reason } from './evaluation.ts'
import type { Flag, FlagKey, Json, UnitName, VariantKey } from './model.ts'

/** What all outcomes of one flag have in common. */
export interface OutcomeFrame {
  readonly flagKey: FlagKey
  readonly flagVersion: number
  readonly rules: Flag['rules']
  /** Every unit that the flag, or a flag it depends on, may find missing. */
  readonly units: readonly UnitName[]
}

/** One way in which an evaluation can end. */
export interface Ending {
  readonly variant: VariantKey | undefined
  readonly value: Json | undefined
  readonly reason: Reason
  readonly unit: UnitName | undefined
}

/**
 * An ending together with its `Evaluation`s: one for each combination of the rule that held the unit out and the unit
 * that was missing, made when first needed and handed out ever after.
 */
export class Outcome {
  private readonly frame: OutcomeFrame
  private readonly ending: Ending
  private readonly made: (Evaluation | undefined)[] = []
  /** The one that nearly all get: nobody held out, nothing missing. */
  private usual: Evaluation | undefined

  constructor(frame: OutcomeFrame, ending: Ending) {
    this.frame = frame
    this.ending = ending
  }

  get variant(): VariantKey | undefined {
    return this.ending.variant
  }

  /** `held`: 0, or 1 + the index of a rule. `missing`: 0, or 1 + the index of one of the frame's units. */
  evaluation(held: number, missing: number): Evaluation {
    if (held === 0 && missing === 0) {
      this.usual ??= this.make(0, 0)
      return this.usual
    }
    const cell = held * (this.frame.units.length + 1) + missing
    const known = this.made[cell]
    if (known !== undefined) return known
    while (this.made.length <= cell) this.made.push(undefined)
    const made = this.make(held, missing)
    this.made[cell] = made
    return made
  }

  private make(held: number, missing: number): Evaluation {
    const { flagKey, flagVersion, rules, units } = this.frame
    const { variant, value, reason, unit } = this.ending
    const holder = rules[held - 1]
    return Object.freeze<Evaluation>({
      flagKey,
      flagVersion,
      variant,
      value,
      reason,
      unit: unit ?? holder?.share?.unit,
      heldOutBy: holder?.id,
      missingUnit: units[missing - 1],
    })
  }
}
