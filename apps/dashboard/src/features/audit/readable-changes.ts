/** What differs, field by field, in words instead of JSON. Pure. */
import { type AuditChange, conditionSchema, ruleSchema, serveSchema, shareSchema } from '@dimmer/protocol'
import { count } from '../../shared/format/number.ts'
import { describeCondition, describeRuleFully, describeServe, shareWords } from '../flags/index.ts'

/** One field. Without `before` it is new, without `after` it is gone. */
export interface ReadableChange {
  readonly field: string
  readonly before?: string
  readonly after?: string
}

type Fields = Readonly<Record<string, unknown>>
/** A field by its path, and what it says. */
type Line = readonly [path: string, text: string]

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null

/** Longer lists are cut: a segment can have a million ids. */
const NAMED_AT_MOST = 20

/** "on" is said as it is on the page, ids and texts as they are. */
function scalarWords(value: unknown, path: string): string {
  if (value === null || value === undefined) return 'none'
  if (value === '') return 'empty'
  if (path === 'on') return value === true ? 'on' : 'off'
  return String(value)
}

function listWords(values: readonly unknown[], path: string): string {
  const named = values.slice(0, NAMED_AT_MOST).map(value => scalarWords(value, path))
  const more = values.length - named.length
  return named.length === 0 ? 'none' : named.join(', ') + (more > 0 ? ` and ${count(more)} more` : '')
}

/** Parts of a flag are told as on its page. What only looks like one is shown field by field. */
function knownWords(value: Fields): string | undefined {
  const rule = ruleSchema.safeParse(value)
  if (rule.success) return describeRuleFully(rule.data)
  const share = shareSchema.safeParse(value)
  if (share.success) return shareWords(share.data)
  const serve = serveSchema.safeParse(value)
  if (serve.success) return describeServe(serve.data)
  const condition = conditionSchema.safeParse(value)
  return condition.success ? describeCondition(condition.data) : undefined
}

/** How a member of a list is called: by its id, as the server does, or by its place. */
const nameOf = (value: unknown, index: number): string => {
  const name = isFields(value) ? (value.id ?? value.key ?? value.flag) : undefined
  return typeof name === 'string' ? name : String(index + 1)
}

function linesOf(value: unknown, path: string): readonly Line[] {
  if (isScalar(value)) return [[path, scalarWords(value, path)]]
  if (Array.isArray(value)) {
    if (value.every(isScalar)) return [[path, listWords(value, path)]]
    return value.flatMap((one, index) => linesOf(one, `${path}.${nameOf(one, index)}`))
  }
  if (!isFields(value)) return []
  const known = knownWords(value)
  if (known !== undefined) return [[path, known]]
  const fields = Object.entries(value)
  return fields.length === 0 ? [[path, 'none']] : fields.flatMap(([name, one]) => linesOf(one, `${path}.${name}`))
}

/** Before an id: which of several it is. */
const OF_MANY: Readonly<Record<string, string>> = {
  rules: 'rule',
  variants: 'variant',
  environments: 'environment',
  prerequisites: 'prerequisite',
  stages: 'stage',
  guardrails: 'guardrail',
  goals: 'goal',
}

const words = (name: string): string =>
  name.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`)

/** "rules.pilots.share.percent" -> "rule pilots, share, percent"; "offVariant" -> "off variant". */
export function fieldWords(path: string): string {
  const parts: string[] = []
  const names = path.split('.')
  for (let at = 0; at < names.length; at++) {
    const name = names[at] ?? ''
    const one = OF_MANY[name]
    const next = names[at + 1]
    if (one === undefined || next === undefined) parts.push(words(name))
    else {
      parts.push(`${one} ${next}`)
      at++
    }
  }
  return parts.join(', ')
}

/** What an entry changed, field by field. Fields that are empty in something new say nothing, and are left out. */
export function readableChanges(changes: readonly AuditChange[]): readonly ReadableChange[] {
  return changes.flatMap(change => {
    const before = new Map(change.before === undefined ? [] : linesOf(change.before, change.path))
    const after = new Map(change.after === undefined ? [] : linesOf(change.after, change.path))
    const isNew = change.before === undefined
    return [...new Set([...before.keys(), ...after.keys()])].flatMap(path => {
      const [was, is] = [before.get(path), after.get(path)]
      if (was === is || (isNew && (is === 'none' || is === 'empty'))) return []
      return [
        {
          field: fieldWords(path),
          ...(was === undefined ? {} : { before: was }),
          ...(is === undefined ? {} : { after: is }),
        },
      ]
    })
  })
}
