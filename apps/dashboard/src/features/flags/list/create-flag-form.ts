import type { CreateFlag, FlagView } from '@dimmer/protocol'

export interface FlagForm {
  readonly name: string
  readonly key: string
  readonly description: string
  readonly type: FlagView['type']
  /** One per line: `key` or `key: value`. Not used for boolean flags. */
  readonly variants: string
}

export const EMPTY_FLAG_FORM: FlagForm = { name: '', key: '', description: '', type: 'boolean', variants: '' }

/** What the lines of each type look like. */
export const VARIANT_EXAMPLES: Readonly<Record<Exclude<FlagView['type'], 'boolean'>, string>> = {
  string: 'classic: classic\nredesigned: redesigned',
  number: 'small: 10\nlarge: 100',
  json: 'basic: {"limit": 10}\npro: {"limit": 100}',
}

type Variants = NonNullable<CreateFlag['variants']>
type Value = Variants[string]
export type ParsedVariants =
  | { readonly ok: true; readonly variants: Variants }
  | { readonly ok: false; readonly why: string }

function parseValue(type: FlagView['type'], text: string): Value | undefined {
  if (type === 'string') return text
  try {
    const value: Value = JSON.parse(text)
    return type === 'number' && typeof value !== 'number' ? undefined : value
  } catch {
    return undefined
  }
}

/** Reads `key: value` lines. */
export function parseVariants(type: FlagView['type'], text: string): ParsedVariants {
  const variants: Record<string, Value> = {}
  for (const line of text.split('\n').filter(one => one.trim() !== '')) {
    const colon = line.indexOf(':')
    const key = (colon < 0 ? line : line.slice(0, colon)).trim()
    const value = parseValue(type, (colon < 0 ? line : line.slice(colon + 1)).trim())
    if (value === undefined) return { ok: false, why: `"${line.trim()}" has no ${type} after the colon.` }
    if (Object.hasOwn(variants, key)) return { ok: false, why: `"${key}" is there twice.` }
    variants[key] = value
  }
  if (Object.keys(variants).length < 2) return { ok: false, why: 'A flag needs at least two variants.' }
  return { ok: true, variants }
}

/** The flag as it is sent. */
export function toCreateFlag(form: FlagForm, variants: Variants | undefined): CreateFlag {
  return {
    key: form.key.trim(),
    type: form.type,
    ...(form.name.trim() === '' ? {} : { name: form.name.trim() }),
    ...(form.description.trim() === '' ? {} : { description: form.description.trim() }),
    ...(variants === undefined ? {} : { variants }),
  }
}
