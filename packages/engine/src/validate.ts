import { type CompileOptions, compile, prerequisiteKeys } from './compile.ts'
import { segmentsOf } from './conditions.ts'
import type { Flag, FlagKey, Ruleset } from './model.ts'
import type { Problem, Report } from './problem.ts'
import { checkFlagShape, checkRulesetShape } from './shape.ts'
import { checkFlag, checkSegment, checkUnit } from './strict-checks.ts'

/** What a flag is validated against. The flag itself may be among the flags, in an older version. */
export type Siblings = Pick<Ruleset, 'flags' | 'segments' | 'units'>

function collect(): { readonly problems: Problem[]; readonly report: Report } {
  const problems: Problem[] = []
  return { problems, report: (path, code, message) => void problems.push({ path, code, message }) }
}

function under(prefix: string, report: Report): Report {
  return (path, code, message) => report(path === '' ? prefix : `${prefix}.${path}`, code, message)
}

/** Everything that can be reached from `start`, `start` included. */
function reachable(start: readonly string[], next: (key: string) => readonly string[]): readonly string[] {
  const found = new Set(start)
  for (const key of found) for (const other of next(key)) found.add(other)
  return [...found]
}

function own<T>(entries: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined
}

function pick<T>(entries: Readonly<Record<string, T>>, keys: readonly string[]): readonly (readonly [string, T])[] {
  return keys.flatMap(key => {
    const value = own(entries, key)
    return value === undefined ? [] : [[key, value] as const]
  })
}

/** The flags that a flag depends on. Their rules are their own affair. */
function prerequisitesOf(flag: Flag, flags: Siblings['flags']): readonly (readonly [FlagKey, Flag])[] {
  const keys = reachable([flag.key], key => prerequisiteKeys(key === flag.key ? flag : own(flags, key)))
  const others = pick(flags, keys).filter(([key]) => key !== flag.key)
  return others.map(([key, other]) => [key, { ...other, rules: [] }])
}

function segmentsFor(flag: Flag, segments: Siblings['segments']): Siblings['segments'] {
  const named = flag.rules.flatMap(rule => segmentsOf(rule.when))
  return Object.fromEntries(
    pick(
      segments,
      reachable(named, key => segmentsOf(own(segments, key)?.when)),
    ),
  )
}

/**
 * What is wrong with a flag, as it would stand among its siblings; paths are relative to the flag. An empty list: it
 * may be written. Takes whatever came as JSON. Does not say what the change does to others (a removed variant that
 * another flag needs): `validateRuleset` does.
 */
export function validateFlag(flag: Flag, siblings: Siblings, options: CompileOptions = {}): readonly Problem[] {
  const { problems, report } = collect()
  if (!checkFlagShape(flag, report)) return problems
  checkFlag(flag, flag.key, report)
  const ruleset: Ruleset = {
    schema: 1,
    project: '',
    environment: '',
    version: 0,
    flags: Object.fromEntries([...prerequisitesOf(flag, siblings.flags), [flag.key, flag]]),
    segments: segmentsFor(flag, siblings.segments),
    units: siblings.units,
  }
  const { problems: found } = compile(ruleset, options)
  const prefix = `flags.${flag.key}.`
  for (const { flagKey, path, code, message } of found) {
    if (flagKey === flag.key) report(path.slice(prefix.length), code, message)
  }
  return problems
}

/**
 * What is wrong with a ruleset. An empty list: it may be written, and it compiles without problems. Takes whatever
 * came as JSON.
 */
export function validateRuleset(ruleset: Ruleset, options: CompileOptions = {}): readonly Problem[] {
  const { problems, report } = collect()
  if (!checkRulesetShape(ruleset, report)) return problems
  for (const [unit, attribute] of Object.entries(ruleset.units)) checkUnit(unit, attribute, under('units', report))
  for (const [key, segment] of Object.entries(ruleset.segments)) {
    checkSegment(segment, key, under(`segments.${key}`, report))
  }
  // Compiling a list that is refused already would take seconds.
  if (problems.some(({ code }) => code === 'too-large')) return problems
  for (const [key, flag] of Object.entries(ruleset.flags)) {
    if (checkFlagShape(flag, () => {})) checkFlag(flag, key, under(`flags.${key}`, report))
  }
  for (const { path, code, message } of compile(ruleset, options).problems) report(path, code, message)
  return problems
}
