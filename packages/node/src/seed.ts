import type { FileCache } from './file-cache.ts'
import type { Report } from './problems.ts'
import type { RulesetStore } from './ruleset-store.ts'

/** What a client goes on with until the server answers. */
export interface Seed {
  readonly source: 'bootstrap' | 'disk' | 'none'
  /** Since the server confirmed it, in ms; undefined: not known. */
  readonly ageMs: number | undefined
}

export interface SeedDeps {
  readonly store: RulesetStore
  readonly bootstrap: unknown
  readonly cache: FileCache | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly report: Report
}

/** Gives the store the bootstrap or what is on the disk, whichever is newer. */
export function seedStore({ store, bootstrap, cache, now, report }: SeedDeps): Seed {
  let seed: Seed = { source: 'none', ageMs: undefined }
  const take = (ruleset: unknown, from: Seed): void => {
    const applied = store.seed(ruleset)
    if (applied.kind === 'applied') seed = from
    if (applied.kind === 'invalid') {
      const name = from.source === 'disk' ? 'the ruleset on the disk' : 'the bootstrap'
      report('error', { code: 'invalid-seed', message: `${name} cannot be used: ${applied.message}` })
    }
  }
  if (bootstrap !== undefined) take(bootstrap, { source: 'bootstrap', ageMs: undefined })
  const kept = cache?.load()
  if (kept !== undefined) {
    const ageMs = now() - kept.confirmedAt
    // A file from the future: somebody set the clock.
    take(kept.ruleset, { source: 'disk', ageMs: ageMs >= 0 ? ageMs : undefined })
  }
  return seed
}
