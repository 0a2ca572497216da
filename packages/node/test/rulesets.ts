import type { Flag, Ruleset } from '@dimmer/engine'

/** A boolean flag that is on and serves `serves` to everybody, unless told otherwise. */
export function booleanFlag(key: string, parts: Partial<Flag> & { readonly serves?: boolean } = {}): Flag {
  const { serves = true, ...rest } = parts
  return {
    key,
    type: 'boolean',
    variants: { on: true, off: false },
    salt: `${key}-salt`,
    version: 1,
    on: true,
    offVariant: 'off',
    prerequisites: [],
    rules: [],
    fallthrough: { variant: serves ? 'on' : 'off' },
    ...rest,
  }
}

/** A flag that serves one value of any type. */
export function valueFlag(key: string, value: Flag['variants'][string], type: Flag['type'] = 'json'): Flag {
  return booleanFlag(key, { type, variants: { on: value, off: null } })
}

/** A ruleset of these flags. */
export function rulesetOf(version: number, flags: readonly Flag[], parts: Partial<Ruleset> = {}): Ruleset {
  return {
    schema: 1,
    project: 'invoicing',
    environment: 'production',
    version,
    flags: Object.fromEntries(flags.map(flag => [flag.key, flag])),
    segments: {},
    units: {},
    ...parts,
  }
}
