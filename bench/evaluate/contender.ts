import type { CaseName } from './cases.mjs'
import type { Subject } from './subjects.mjs'

/** Asks one flag as an application would. True: the subject gets the new thing. */
export type Ask = (context: never) => boolean | Promise<boolean>

/** One way to evaluate the cases, loaded in a process of its own. */
export interface Contender {
  /** As shown in the table, with the version. */
  readonly name: string
  /** The subjects in the shape of context that this SDK wants. */
  contextOf(subject: Subject): unknown
  /** Only the cases that this SDK can express. */
  readonly ask: Partial<Record<CaseName, Ask>>
  /** Whether `ask` gives promises. */
  readonly isAsync?: boolean
}

/** A module in `contenders/`. */
export interface ContenderModule {
  load(names: readonly CaseName[]): Promise<Contender>
}
