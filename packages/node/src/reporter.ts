import { Listeners } from './listeners.ts'
import type { Problem, ProblemLevel } from './problems.ts'

/** Passes problems to the app's listeners and log, and never lets either throw. */
export class Reporter {
  readonly errors: Listeners<Problem>
  readonly warnings: Listeners<Problem>
  readonly #log: (level: ProblemLevel, problem: Problem) => void
  #lastError: string | undefined

  constructor(log: (level: ProblemLevel, problem: Problem) => void) {
    this.#log = log
    // Only logged: an error listener that throws must not hear of its own error.
    const onThrow = (cause: unknown): void => this.#write('error', listenerThrew(cause))
    this.errors = new Listeners(onThrow)
    this.warnings = new Listeners(onThrow)
  }

  get lastError(): string | undefined {
    return this.#lastError
  }

  report(level: ProblemLevel, problem: Problem): void {
    if (level === 'error') this.#lastError = problem.message
    this.#write(level, problem)
    if (level === 'error') this.errors.tell(problem)
    else this.warnings.tell(problem)
  }

  /** For listeners of other events. */
  listenerThrew(cause: unknown): void {
    this.report('error', listenerThrew(cause))
  }

  #write(level: ProblemLevel, problem: Problem): void {
    try {
      this.#log(level, problem)
    } catch {
      // The app's log is broken; there is nobody left to tell.
    }
  }
}

function listenerThrew(cause: unknown): Problem {
  return { code: 'listener-threw', message: `a listener threw: ${String(cause)}`, cause }
}
