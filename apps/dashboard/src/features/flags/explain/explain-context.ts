import { BUILT_IN_UNITS, type Condition, type Context, type Json } from '@dimmer/engine'
import type { FlagConfig } from '@dimmer/protocol'

/** What somebody typed to ask about. */
export interface ExplainForm {
  readonly accountId: string
  readonly userId: string
  /** Other attributes, as a JSON object. */
  readonly attributes: string
}

export type ReadContext =
  | { readonly ok: true; readonly context: Context }
  | { readonly ok: false; readonly why: string }

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parseAttributes(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The context to ask about; or what is wrong with the attributes. */
export function readContext(form: ExplainForm): ReadContext {
  const attributes = parseAttributes(form.attributes)
  if (attributes === undefined) return { ok: false, why: 'This is not a JSON object, like { "plan": "free" }.' }
  const accountId = form.accountId.trim()
  const userId = form.userId.trim()
  return {
    ok: true,
    context: { ...attributes, ...(accountId === '' ? {} : { accountId }), ...(userId === '' ? {} : { userId }) },
  }
}

const UNIT_ATTRIBUTES: ReadonlySet<string> = new Set(Object.values(BUILT_IN_UNITS))

function examplesOf(condition: Condition): readonly (readonly [string, Json])[] {
  if ('all' in condition) return condition.all.flatMap(examplesOf)
  if ('any' in condition) return condition.any.flatMap(examplesOf)
  if ('not' in condition) return examplesOf(condition.not)
  if ('segment' in condition || UNIT_ATTRIBUTES.has(condition.attribute)) return []
  const value = Array.isArray(condition.value) ? condition.value[0] : condition.value
  return [[condition.attribute, value ?? '']]
}

/** Attributes that the flag's rules look at, with a value that fits each: something to start from. */
export function exampleAttributes(config: Pick<FlagConfig, 'rules'>): string {
  const examples = config.rules.flatMap(rule => (rule.when === undefined ? [] : examplesOf(rule.when)))
  const pairs = Object.entries(Object.fromEntries(examples)).map(
    ([name, value]) => `"${name}": ${JSON.stringify(value)}`,
  )
  return pairs.length === 0 ? '' : `{ ${pairs.join(', ')} }`
}
