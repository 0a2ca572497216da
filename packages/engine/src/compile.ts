import { isObject } from './attributes.ts'
import { brokenFlag, compileFlag } from './compile-flag.ts'
import type { CompiledFlag } from './compiled-flag.ts'
import { orderByDependency } from './graph.ts'
import type { Flag, FlagKey, Ruleset } from './model.ts'
import type { Problem, Report, SnapshotProblem } from './problem.ts'
import type { RegexCompiler } from './regex.ts'
import { compileSegments } from './segments.ts'
import { checkRulesetShape } from './shape.ts'
import { Snapshot } from './snapshot.ts'

/** The flags that a flag names as prerequisites, as far as its shape is readable. */
export function prerequisiteKeys(flag: unknown): readonly FlagKey[] {
  const list: unknown = isObject(flag) ? flag.prerequisites : undefined
  const items: readonly unknown[] = Array.isArray(list) ? list : []
  return items.map(item => (isObject(item) ? item.flag : undefined)).filter(key => typeof key === 'string')
}

/** What the host brings. */
export interface CompileOptions {
  /** Without it, rules with the operator `matches` are reported (`no-regex-engine`) and skipped. */
  readonly regex?: RegexCompiler
}

function compileFlags(
  ruleset: Ruleset,
  problems: SnapshotProblem[],
  { regex }: CompileOptions,
): ReadonlyMap<FlagKey, CompiledFlag> {
  const report: Report = (path, code, message) => void problems.push({ flagKey: undefined, path, code, message })
  const segments = compileSegments(ruleset, { report, regex })
  const sources = new Map<FlagKey, Flag>(Object.entries(ruleset.flags))
  const graph = new Map([...sources].map(([key, flag]) => [key, prerequisiteKeys(flag)]))
  const { order, cycles } = orderByDependency(graph)
  const flags = new Map<FlagKey, CompiledFlag>()
  const reportFor =
    (flagKey: FlagKey): Report =>
    (path, code, message) => {
      problems.push({ flagKey, path: `flags.${flagKey}${path === '' ? '' : `.${path}`}`, code, message })
    }
  for (const key of [...cycles.keys(), ...order]) {
    const source = sources.get(key)
    const cycle = cycles.get(key)
    if (source === undefined) continue
    if (cycle) reportFor(key)('prerequisites', 'cycle', `prerequisites form a circle: ${cycle.join(' -> ')}`)
    const scope = { units: ruleset.units, segments, flags, regex, report: reportFor(key) }
    flags.set(key, cycle ? brokenFlag(key, source) : compileFlag(key, source, scope))
  }
  return flags
}

/**
 * Makes a snapshot of a ruleset: once per update, so that evaluating costs next to nothing. A flag or rule that is
 * wrong, or newer than this version, does no harm to the others: see `Snapshot.problems`.
 *
 * @throws TypeError when it is no ruleset at all, or one in another format.
 */
export function compile(ruleset: Ruleset, options: CompileOptions = {}): Snapshot {
  const wrong: Problem[] = []
  if (!checkRulesetShape(ruleset, (path, code, message) => void wrong.push({ path, code, message }))) {
    throw new TypeError(
      `not a ruleset: ${wrong.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ')}`,
    )
  }
  const problems: SnapshotProblem[] = []
  const flags = compileFlags(ruleset, problems, options)
  return new Snapshot({ ruleset, flags, problems })
}
