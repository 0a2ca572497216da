import type { Flag, Ruleset } from '../src/index.ts'

/** A boolean flag that is on and serves `off` to all, but for what is given. */
export function flagOf(key: string, parts: Partial<Flag> = {}): Flag {
  return {
    key,
    type: 'boolean',
    variants: { on: true, off: false },
    salt: `salt of ${key}`,
    version: 1,
    on: true,
    offVariant: 'off',
    prerequisites: [],
    rules: [],
    fallthrough: { variant: 'off' },
    ...parts,
  }
}

/** A ruleset of some flags. */
export function rulesetOf(flags: readonly Flag[], parts: Partial<Ruleset> = {}): Ruleset {
  return {
    schema: 1,
    project: 'invoicing',
    environment: 'production',
    version: 7,
    flags: Object.fromEntries(flags.map(flag => [flag.key, flag])),
    segments: {},
    units: {},
    ...parts,
  }
}
