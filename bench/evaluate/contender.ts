import type { FlagName, Subject } from './flags.mjs'

/** One way to evaluate the five flags, loaded in a process of its own. */
export interface Contender {
  /** As shown in the table, with the version. */
  readonly name: string
  /** The subjects in the shape of context that this SDK wants. */
  contextOf(subject: Subject): unknown
  /** Asks one flag as an application would. True: the subject gets the new thing. */
  readonly ask: Readonly<Record<FlagName, (context: never) => boolean>>
}
