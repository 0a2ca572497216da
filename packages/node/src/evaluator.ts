import { type Evaluation, evaluate, type FlagKey, type Snapshot } from '@dimmer/engine'
import { Hooks } from './hooks.ts'
import { OnceKeys, type ProblemCode, type Report } from './problems.ts'
import { readsClock } from './reads-clock.ts'
import type { Call, Context, Details, DetailsErrorCode, Hook } from './types.ts'
import { asValue, fitsFallback, type ValueOf } from './value-type.ts'

/** Takes notice of what was served. */
export interface Witness {
  /** A variant was served. */
  served(evaluation: Evaluation, context: Context): void
  /** The code's fallback was served. */
  fellBack(flag: FlagKey, evaluation: Evaluation | undefined): void
}

export interface EvaluatorDeps {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly witness: Witness
  readonly report: Report
}

/** What decides: a snapshot and the time at which it is asked; absent: the ruleset of the moment. */
export interface Basis {
  readonly snapshot: Snapshot
  readonly now: number
}

const noTime = (): number => 0

/** Evaluates flags for the app: checks types, gives fallbacks, counts, warns once, calls hooks. Never throws. */
export class Evaluator {
  readonly #deps: EvaluatorDeps
  readonly #said = new OnceKeys()
  readonly #hooks: Hooks
  #snapshot: Snapshot | undefined
  /** The time for evaluations; 0 while no flag depends on it. */
  #now: () => number = noTime

  constructor(deps: EvaluatorDeps) {
    this.#deps = deps
    this.#hooks = new Hooks(cause => {
      deps.report('error', { code: 'listener-threw', message: `a hook threw: ${String(cause)}`, cause })
    })
  }

  useSnapshot(snapshot: Snapshot): void {
    this.#snapshot = snapshot
    this.#now = readsClock(snapshot.ruleset) ? this.#deps.now : noTime
  }

  addHook(hook: Hook): () => void {
    return this.#hooks.add(hook)
  }

  /** The ruleset and the time of now, to decide on later; undefined while there is no ruleset. */
  basis(): Basis | undefined {
    return this.#snapshot && { snapshot: this.#snapshot, now: this.#now() }
  }

  /** Only the evaluation, without anybody hearing of it. */
  evaluate(flag: FlagKey, context: Context, basis?: Basis): Evaluation | undefined {
    const snapshot = basis?.snapshot ?? this.#snapshot
    return snapshot && evaluate(snapshot, flag, context, basis?.now ?? this.#now())
  }

  isEnabled(flag: FlagKey, context: Context): boolean {
    const snapshot = this.#snapshot
    if (snapshot === undefined || this.#hooks.any) return this.details(flag, context, false).value
    const evaluation = evaluate(snapshot, flag, context, this.#now())
    const { value } = evaluation
    if (typeof value !== 'boolean') return this.#fallBack(flag, evaluation, false)
    this.#served(evaluation, context)
    return value
  }

  value<T>(flag: FlagKey, context: Context, fallback: T): ValueOf<T> {
    const snapshot = this.#snapshot
    if (snapshot === undefined || this.#hooks.any) return this.details(flag, context, fallback).value
    const evaluation = evaluate(snapshot, flag, context, this.#now())
    const { value } = evaluation
    if (evaluation.variant === undefined || !fitsFallback(value, fallback)) {
      return this.#fallBack(flag, evaluation, fallback)
    }
    this.#served(evaluation, context)
    return value
  }

  details<T>(flag: FlagKey, context: Context, fallback: T): Details<ValueOf<T>> {
    return this.hooked({ flagKey: flag, context, fallback }, asked =>
      this.conclude(this.evaluate(flag, asked), { flagKey: flag, context: asked, fallback }),
    )
  }

  /** Hands out an evaluation that was made before. `counts`: false if it has been counted already. */
  conclude<T>(evaluation: Evaluation | undefined, call: Call<T>, counts = true): Details<ValueOf<T>> {
    const { flagKey, context, fallback } = call
    const facts = {
      flagKey,
      variant: evaluation?.variant,
      reason: evaluation?.reason,
      flagVersion: evaluation?.flagVersion ?? 0,
      unit: evaluation?.unit,
      heldOutBy: evaluation?.heldOutBy,
      missingUnit: evaluation?.missingUnit,
    }
    const value = evaluation?.value
    if (evaluation?.variant === undefined || !fitsFallback(value, fallback)) {
      if (counts) this.#fallBack(flagKey, evaluation, fallback)
      return { ...facts, value: asValue(fallback), errorCode: errorCode(evaluation) }
    }
    if (counts) this.#served(evaluation, context)
    return { ...facts, value }
  }

  /** Asks with the hooks around it. */
  hooked<T>(call: Call<T>, ask: (context: Context) => Details<ValueOf<T>>): Details<ValueOf<T>> {
    return this.#hooks.any ? this.#hooks.around(call, ask) : ask(call.context)
  }

  #served(evaluation: Evaluation, context: Context): void {
    try {
      this.#deps.witness.served(evaluation, context)
    } catch (error) {
      this.#warn(
        'invalid-context',
        `the context for flag "${evaluation.flagKey}" threw when it was read: ${String(error)}`,
      )
    }
  }

  #fallBack<T>(flag: FlagKey, evaluation: Evaluation | undefined, fallback: T): ValueOf<T> {
    const code = errorCode(evaluation)
    this.#warn(code, fallbackMessage(code, flag, evaluation))
    this.#deps.witness.fellBack(flag, evaluation)
    return asValue(fallback)
  }

  #warn(code: ProblemCode, message: string): void {
    if (this.#said.isNew(message)) this.#deps.report('warning', { code, message })
  }
}

function errorCode(evaluation: Evaluation | undefined): DetailsErrorCode {
  if (evaluation === undefined) return 'not-ready'
  return evaluation.reason.kind === 'error' ? evaluation.reason.code : 'type-mismatch'
}

/** Whoever writes JavaScript may have given anything. */
const keyWords = (flag: unknown): string =>
  typeof flag === 'string' ? `"${flag}"` : `by the key that was given: it is of type ${typeof flag}, not a text`

function fallbackMessage(code: DetailsErrorCode, flag: FlagKey, evaluation: Evaluation | undefined): string {
  switch (code) {
    case 'not-ready':
      return 'evaluated before there was a ruleset; the fallbacks of the code are served until then'
    case 'flag-not-found':
      return `there is no flag ${keyWords(flag)}; the fallback is served`
    case 'invalid-context':
      return `the context for flag "${flag}" is not an object, or cannot be read; the fallback is served`
    case 'invalid-flag':
      return `flag "${flag}" is broken; the fallback is served`
    case 'type-mismatch':
      return `flag "${flag}" serves ${JSON.stringify(evaluation?.value)}, which is not of the fallback's type; the fallback is served`
  }
}
