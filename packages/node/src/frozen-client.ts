import type { Evaluation, FlagKey } from '@dimmer/engine'
import type { TrackOptions } from '@dimmer/sdk-core'
import { asBound, type UntypedBoundClient } from './bound-client.ts'
import type { Basis, Evaluator } from './evaluator.ts'
import type { BoundClient, Context, Details } from './types.ts'
import type { ValueOf } from './value-type.ts'

export interface FreezeOptions {
  /** Whether a flag that is switched off meanwhile is off here too. */
  readonly killOverrides: boolean
  /** Whether asking again for the same flag counts again. */
  readonly countsAgain: boolean
  readonly track: BoundClient['track']
}

interface Decision {
  readonly evaluation: Evaluation | undefined
  counted: boolean
}

/** See `DimmerClient.pin` and `forRequest`. */
export function freeze(evaluator: Evaluator, context: Context, options: FreezeOptions): BoundClient {
  return asBound(new FrozenClient(evaluator, context, options))
}

/**
 * A client for one context whose decisions stay as they were when it was made, whatever changes meanwhile; if there was
 * no ruleset then, as they are when there is one.
 */
class FrozenClient implements UntypedBoundClient {
  readonly context: Context
  readonly #evaluator: Evaluator
  readonly #options: FreezeOptions
  readonly #decisions = new Map<FlagKey, Decision>()
  #basis: Basis | undefined

  constructor(evaluator: Evaluator, context: Context, options: FreezeOptions) {
    this.#evaluator = evaluator
    this.context = context
    this.#options = options
    this.#basis = evaluator.basis()
  }

  isEnabled(flag: FlagKey): boolean {
    return this.details(flag, false).value
  }

  value<T>(flag: FlagKey, fallback: T): ValueOf<T> {
    return this.details(flag, fallback).value
  }

  details<T>(flag: FlagKey, fallback: T): Details<ValueOf<T>> {
    return this.#evaluator.hooked({ flagKey: flag, context: this.context, fallback }, context => {
      const decision = this.#decide(flag, context)
      const counts = this.#options.countsAgain || !decision.counted
      decision.counted = true
      return this.#evaluator.conclude(decision.evaluation, { flagKey: flag, context, fallback }, counts)
    })
  }

  track(name: string, options?: TrackOptions): void {
    this.#options.track(name, options)
  }

  #decide(flag: FlagKey, context: Context): Decision {
    const killed = this.#options.killOverrides ? this.#killed(flag, context) : undefined
    const known = this.#decisions.get(flag)
    if (known !== undefined && (killed === undefined || known.evaluation === killed)) return known
    this.#basis ??= this.#evaluator.basis()
    const evaluation = killed ?? (this.#basis && this.#evaluator.evaluate(flag, context, this.#basis))
    const decision = { evaluation, counted: false }
    if (evaluation !== undefined) this.#decisions.set(flag, decision)
    return decision
  }

  /** What is served now, if that is because the flag or one that it needs is switched off. */
  #killed(flag: FlagKey, context: Context): Evaluation | undefined {
    const evaluation = this.#evaluator.evaluate(flag, context)
    if (evaluation === undefined) return undefined
    const { reason } = evaluation
    if (reason.kind === 'off') return evaluation
    const needed = reason.kind === 'prerequisite-failed' ? this.#killed(reason.flagKey, context) : undefined
    return needed && evaluation
  }
}
