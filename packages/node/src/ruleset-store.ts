import { applyPatch, compile, type FlagKey, type Ruleset, type RulesetPatch, type Snapshot } from '@dimmer/engine'
import { changedFlags } from './changed-flags.ts'
import { linearRegex } from './linear-regex.ts'

/** What became of a ruleset or patch that was given to the store. */
export type Applied =
  | { readonly kind: 'applied'; readonly version: number; readonly flags: readonly FlagKey[] }
  | { readonly kind: 'same' }
  | { readonly kind: 'older'; readonly version: number; readonly have: number }
  | { readonly kind: 'gap'; readonly from: number; readonly have: number }
  | { readonly kind: 'invalid'; readonly message: string }

/** A ruleset that was taken. */
export type NewVersion = Extract<Applied, { kind: 'applied' }>

/** Holds the one current snapshot. Versions only grow; what isn't sound leaves the last good snapshot in place. */
export class RulesetStore {
  readonly #onTaken: (snapshot: Snapshot) => void
  #snapshot: Snapshot | undefined
  /** What we have didn't come from the server in this life: whatever it sends counts more, be its version lower. */
  #seeded = false

  /** `onTaken` is told of each new snapshot before anybody else sees it. */
  constructor(onTaken: (snapshot: Snapshot) => void) {
    this.#onTaken = onTaken
  }

  get snapshot(): Snapshot | undefined {
    return this.#snapshot
  }

  get current(): Ruleset | undefined {
    return this.#snapshot?.ruleset
  }

  get version(): number | undefined {
    return this.#snapshot?.version
  }

  /** Whether what we have can be built upon: it came from the server. */
  get confirmed(): boolean {
    return this.#snapshot !== undefined && !this.#seeded
  }

  /** Takes a whole ruleset from elsewhere, as it was parsed, to go on with until the server sends one. */
  seed(ruleset: unknown): Applied {
    if (!isRuleset(ruleset)) return { kind: 'invalid', message: 'it is no ruleset' }
    const applied = this.#notNewer(ruleset.version) ?? this.#take(ruleset)
    if (applied.kind === 'applied') this.#seeded = true
    return applied
  }

  /** Takes a whole ruleset, as it was parsed. */
  put(ruleset: unknown): Applied {
    if (!isRuleset(ruleset)) return { kind: 'invalid', message: 'the server sent something that is no ruleset' }
    const applied = (this.#seeded ? undefined : this.#notNewer(ruleset.version)) ?? this.#take(ruleset)
    if (applied.kind === 'applied') this.#seeded = false
    return applied
  }

  /** Takes what changed, as it was parsed. */
  patch(patch: unknown): Applied {
    if (!isPatch(patch)) return { kind: 'invalid', message: 'the server sent something that is no patch' }
    const snapshot = this.#snapshot
    if (snapshot === undefined || this.#seeded) return { kind: 'gap', from: patch.from, have: 0 }
    const old = this.#notNewer(patch.to)
    if (old !== undefined) return old
    const have = snapshot.version
    // A patch from before our version still says how each changed flag stands at its end, so it fits on ours.
    const next = applyPatch(snapshot.ruleset, { ...patch, from: Math.max(patch.from, have) })
    return next === undefined ? { kind: 'gap', from: patch.from, have } : this.#take(next)
  }

  #notNewer(version: number): Applied | undefined {
    const have = this.version
    if (have === undefined || version > have) return undefined
    return version === have ? { kind: 'same' } : { kind: 'older', version, have }
  }

  #take(ruleset: Ruleset): Applied {
    try {
      const flags = changedFlags(this.#snapshot?.ruleset, ruleset)
      const snapshot = compile(ruleset, { regex: linearRegex })
      this.#onTaken(snapshot)
      this.#snapshot = snapshot
      return { kind: 'applied', version: ruleset.version, flags }
    } catch (error) {
      return { kind: 'invalid', message: error instanceof Error ? error.message : String(error) }
    }
  }
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const isListOfTexts = (value: unknown): boolean => Array.isArray(value) && value.every(item => typeof item === 'string')

/** Only what this file itself relies on; `compile` looks at the rest. */
function isRuleset(value: unknown): value is Ruleset {
  if (typeof value !== 'object' || value === null) return false
  if (!('version' in value && 'flags' in value && 'segments' in value && 'units' in value)) return false
  if ('privateAttributes' in value && !isListOfTexts(value.privateAttributes)) return false
  return isVersion(value.version) && isTable(value.flags) && isTable(value.segments) && isTable(value.units)
}

function isPatch(value: unknown): value is RulesetPatch {
  if (typeof value !== 'object' || value === null) return false
  if (!('from' in value && 'to' in value && 'flags' in value && 'segments' in value)) return false
  if ('privateAttributes' in value && !isListOfTexts(value.privateAttributes)) return false
  return isVersion(value.from) && isVersion(value.to) && isTable(value.flags) && isTable(value.segments)
}
