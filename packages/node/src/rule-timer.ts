import { type FlagKey, type RuleBoundary, type Ruleset, ruleBoundaries } from '@dimmer/engine'
import type { Cancel } from '@dimmer/sdk-core'
import { withDependents } from './changed-flags.ts'
import type { Platform } from './platform.ts'

/** The longest wait at a time: the clock of the day may be set, and a machine may sleep. */
const LOOK_AFTER_MS = 60_000

/** Notices when a rule of the ruleset begins or ends, and which flags may so evaluate differently. */
export class RuleTimer {
  readonly #platform: Platform
  readonly #tell: (flags: readonly FlagKey[]) => void
  #ruleset: Ruleset | undefined
  #boundaries: readonly RuleBoundary[] = []
  /** When it last looked, epoch ms. */
  #looked = 0
  #cancel: Cancel | undefined

  constructor(platform: Platform, tell: (flags: readonly FlagKey[]) => void) {
    this.#platform = platform
    this.#tell = tell
  }

  useRuleset(ruleset: Ruleset): void {
    this.#ruleset = ruleset
    this.#boundaries = ruleBoundaries(ruleset)
    this.#looked = this.#platform.now()
    this.#wait()
  }

  close(): void {
    this.#cancel?.()
  }

  #look(): void {
    const now = this.#platform.now()
    // A clock that is set back makes rules begin that had ended.
    const [from, to] = now < this.#looked ? [now, this.#looked] : [this.#looked, now]
    const passed = this.#boundaries.filter(({ at }) => at > from && at <= to)
    this.#looked = now
    this.#wait()
    if (this.#ruleset === undefined || passed.length === 0) return
    const flags = passed.flatMap(boundary => boundary.flags)
    this.#tell(withDependents(flags, this.#ruleset))
  }

  #wait(): void {
    this.#cancel?.()
    this.#cancel = undefined
    const next = this.#boundaries.find(({ at }) => at > this.#looked)
    if (next === undefined) return
    const ms = Math.min(next.at - this.#looked, LOOK_AFTER_MS)
    this.#cancel = this.#platform.setTimer(() => this.#look(), ms)
  }
}
