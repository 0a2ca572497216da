import { compile } from '../compile.ts'
import type { Evaluation } from '../evaluation.ts'
import type { Flag, FlagKey, Rule, Ruleset, UnitName, VariantKey } from '../model.ts'
import { compileSchedule, isInForce } from '../schedule.ts'
import type { Snapshot } from '../snapshot.ts'
import { biggest, breakDown, chooseAttributes, mostValuable, unitWith } from './breakdown.ts'
import type { Directory } from './directory.ts'
import type {
  Biggest,
  Breakdown,
  ChangeKind,
  DirectoryUnit,
  DormantRule,
  ForecastSummary,
  NamedUnit,
  ShareForecast,
  SummaryOptions,
  UncountedShare,
} from './forecast-types.ts'
import { noteOf, sentenceOf } from './forecast-words.ts'
import { askAll, type ForecastProgress, Probe, rowCount } from './probe.ts'
import { first, sum, UnitChanges, Units } from './unit-changes.ts'

export interface ForecastInput {
  readonly flag: FlagKey
  readonly directory: Directory
  /** Milliseconds since 1970. */
  readonly now: number
  /** How the snapshots were made, where that isn't by `compile` alone. */
  readonly compile?: (ruleset: Ruleset) => Snapshot
}

export interface ForecastOptions extends ForecastInput {
  /** Called every few thousand rows, and at the end. */
  readonly progress?: (progress: ForecastProgress) => void
}

/** A rule with a share of a unit that the directory knows, and who it is meant for. */
interface SharedRule {
  readonly rule: Rule
  readonly unit: DirectoryUnit
  readonly percent: number
  readonly audience: Probe | undefined
}

interface Probes {
  readonly before: Probe
  readonly after: Probe
  readonly free: Probe | undefined
  readonly shared: readonly SharedRule[]
}

const DEFAULT_NAMES = 100
const DIRECTORY_UNITS: readonly DirectoryUnit[] = ['account', 'user']

/** The flag as far as its shape is readable; undefined when it isn't there or is broken. */
function soundFlag(snapshot: Snapshot, key: FlagKey): Flag | undefined {
  const compiled = snapshot.flags.get(key)
  return compiled?.parts === undefined ? undefined : compiled.source
}

/** Makes probes of changed forms of the flag, without the other flags: they must not have prerequisites. */
function prober({ ruleset }: Snapshot, input: ForecastInput): (flag: Flag) => Probe {
  const make = input.compile ?? compile
  return flag => new Probe(make({ ...ruleset, flags: { [flag.key]: flag } }), flag.key, rowCount(input.directory))
}

function directoryUnit(unit: UnitName): DirectoryUnit | undefined {
  return DIRECTORY_UNITS.find(known => known === unit)
}

function sharedRules(flag: Flag, probe: (flag: Flag) => Probe): readonly SharedRule[] {
  const shared: SharedRule[] = []
  for (const rule of flag.rules) {
    const unit = rule.share && directoryUnit(rule.share.unit)
    if (rule.share === undefined || unit === undefined) continue
    const { id, when, serve } = rule
    const alone: Flag = { ...flag, on: true, prerequisites: [], rules: [{ id, ...(when && { when }), serve }] }
    const audience = when === undefined ? undefined : probe(alone)
    shared.push({ rule, unit, percent: rule.share.percent, audience })
  }
  return shared
}

function probesFor(before: Snapshot, after: Snapshot, input: ForecastInput): Probes {
  const rows = rowCount(input.directory)
  const flag = soundFlag(after, input.flag)
  const probe = prober(after, input)
  return {
    before: new Probe(before, input.flag, rows),
    after: new Probe(after, input.flag, rows),
    free: flag === undefined || flag.prerequisites.length === 0 ? undefined : probe({ ...flag, prerequisites: [] }),
    shared: flag === undefined ? [] : sharedRules(flag, probe),
  }
}

/** The variant that means "doesn't have it": the flag's off variant, as it was before if it was there. */
function restingVariant(before: Snapshot, after: Snapshot, key: FlagKey): VariantKey | undefined {
  return (soundFlag(before, key) ?? soundFlag(after, key))?.offVariant
}

/** Who gains, loses and keeps a flag, by name. Made by `forecast`. */
export class Forecast {
  readonly flag: FlagKey
  private readonly now: number
  private readonly directory: Directory
  private readonly source: Flag | undefined
  private readonly probes: Probes
  private readonly hasIt: (evaluation: Evaluation) => boolean
  private readonly units: Readonly<Record<DirectoryUnit, Units>>
  private readonly changes: Readonly<Record<DirectoryUnit, UnitChanges>>

  constructor(parts: {
    input: ForecastInput
    probes: Probes
    resting: VariantKey | undefined
    source: Flag | undefined
  }) {
    const { input, probes, resting, source } = parts
    this.flag = input.flag
    this.now = input.now
    this.directory = input.directory
    this.source = source
    this.probes = probes
    this.hasIt = ({ variant }) => variant !== undefined && variant !== resting
    this.units = { account: new Units(this.directory, 'account'), user: new Units(this.directory, 'user') }
    const { before, after } = probes
    const changesOf = (unit: DirectoryUnit) =>
      new UnitChanges({ units: this.units[unit], before, after, hasIt: this.hasIt })
    this.changes = { account: changesOf('account'), user: changesOf('user') }
  }

  /** Everybody in a group, however many, in the order of the directory. */
  members(unit: DirectoryUnit, kind: ChangeKind): Iterable<NamedUnit> {
    return this.changes[unit].members(kind)
  }

  /** The accounts whose users get different variants after the change. */
  splitTeams(): Iterable<NamedUnit> {
    return this.changes.account.marked(this.changes.account.splitAfter)
  }

  /** Counts the units by any attribute, a dotted path; a user without it has that of the account. */
  breakdown(unit: DirectoryUnit, attribute: string): Breakdown {
    return breakDown(this.changes[unit], attribute)
  }

  /** The biggest accounts gained and lost, by a number such as `mrr`. */
  biggest(attribute: string): Biggest {
    return biggest(this.changes.account, attribute)
  }

  /** All of it as plain JSON. */
  summary(options: SummaryOptions = {}): ForecastSummary {
    const names = options.names ?? DEFAULT_NAMES
    const choice = chooseAttributes(this.directory)
    const size = options.biggestBy ?? choice.biggestBy
    const { account, user } = this.changes
    const breakdowns = (options.by ?? choice.by).map(attribute =>
      this.breakdown(unitWith(this.directory, attribute), attribute),
    )
    const shares = this.shares()
    const told = {
      accounts: account.summary(names),
      users: user.summary(names),
      shares,
      splitTeams: {
        before: sum(account.splitBefore),
        after: sum(account.splitAfter),
        names: [...first(this.splitTeams(), names)],
      },
      prerequisites: this.prerequisites(),
    }
    const sentence = sentenceOf({
      ...told,
      sole: this.soleShare(shares),
      highlight: this.highlight(breakdowns[0], size),
    })
    return {
      flag: this.flag,
      sentence,
      note: noteOf(shares),
      ...told,
      uncountedShares: this.uncountedShares(),
      dormantRules: this.dormantRules(),
      missingUnits: this.missingUnits(),
      breakdowns,
      biggest: size === undefined || account.units.count === 0 ? undefined : this.biggest(size),
    }
  }

  private highlight(breakdown: Breakdown | undefined, size: string | undefined) {
    if (breakdown === undefined || size === undefined) return undefined
    const value = mostValuable(this.changes[breakdown.unit], breakdown.attribute, size)
    const row = breakdown.rows.find(candidate => candidate.value === value)
    return row === undefined ? undefined : { row, of: breakdown }
  }

  private shares(): ShareForecast[] {
    return this.probes.shared.map(({ rule, unit, percent, audience }) => {
      const units = this.units[unit]
      const all = audience?.rowsWhere(({ reason }) => reason.kind === 'rule')
      const by = this.probes.after.rowsWhere(({ reason }) => reason.kind === 'rule' && reason.ruleId === rule.id)
      const meantFor = all === undefined ? units.count : units.countWhere(all)
      const served = units.countWhere(by)
      return {
        ruleId: rule.id,
        ruleName: rule.name,
        unit,
        nominalPercent: percent,
        audience: meantFor,
        served,
        effectivePercent: meantFor === 0 ? 0 : Math.round((served / meantFor) * 1e5) / 1e3,
      }
    })
  }

  private uncountedShares(): UncountedShare[] {
    const rules = this.source?.rules ?? []
    return rules.flatMap(({ id, name, share }) =>
      share === undefined || directoryUnit(share.unit) !== undefined
        ? []
        : [{ ruleId: id, ruleName: name, unit: share.unit, nominalPercent: share.percent }],
    )
  }

  private dormantRules(): DormantRule[] {
    const rules = this.source?.rules ?? []
    return rules.flatMap((rule, index) => {
      const schedule = compileSchedule(rule, `rules[${index}]`, () => undefined)
      if (schedule === undefined || schedule === 'unreadable' || isInForce(schedule, this.now)) return []
      return [{ ruleId: rule.id, ruleName: rule.name, from: rule.from, until: rule.until }]
    })
  }

  /** The share that alone decides who has it. */
  private soleShare(shares: readonly ShareForecast[]): ShareForecast | undefined {
    const flag = this.source
    if (flag === undefined || !flag.on || flag.rules.length !== 1) return undefined
    const rest = 'variant' in flag.fallthrough && flag.fallthrough.variant === flag.offVariant
    return rest ? shares[0] : undefined
  }

  private prerequisites(): ForecastSummary['prerequisites'] {
    const { free } = this.probes
    if (free === undefined) return undefined
    const has = free.rowsWhere(this.hasIt)
    return {
      flags: this.source?.prerequisites.map(({ flag }) => flag) ?? [],
      accounts: this.units.account.countWhere(has),
      users: this.units.user.countWhere(has),
    }
  }

  private missingUnits(): ForecastSummary['missingUnits'] {
    const { after } = this.probes
    const units = new Set(
      after.evaluations.flatMap(({ missingUnit }) => (missingUnit === undefined ? [] : [missingUnit])),
    )
    return [...units].map(unit => {
      const lacks = after.rowsWhere(({ missingUnit }) => missingUnit === unit)
      return { unit, rows: this.units.user.countWhere(lacks) + this.accountsAlone(lacks) }
    })
  }

  private accountsAlone(test: (row: number) => boolean): number {
    const { userIds, accountIds } = this.directory
    const { firstUser } = this.directory
    let count = 0
    for (let account = 0; account < accountIds.length; account++) {
      if (firstUser[account] === firstUser[account + 1] && test(userIds.length + account)) count++
    }
    return count
  }
}

/**
 * The same as `forecast`, in steps of a few thousand rows, for callers that have other things to do in between: each
 * step yields how far it has come; the generator returns the forecast.
 */
export function* forecastInSteps(
  before: Snapshot,
  after: Snapshot,
  input: ForecastInput,
): Generator<ForecastProgress, Forecast, undefined> {
  const probes = probesFor(before, after, input)
  const { before: old, after: now, free, shared } = probes
  const audiences = shared.flatMap(({ audience }) => audience ?? [])
  yield* askAll(input.directory, [old, now, ...(free === undefined ? [] : [free]), ...audiences], input.now)
  return new Forecast({
    input,
    probes,
    resting: restingVariant(before, after, input.flag),
    source: soundFlag(after, input.flag),
  })
}

/**
 * Asks two snapshots for one flag on behalf of everybody in the directory: who gains it, loses it, keeps it. Pure: the
 * salt is known, so the answer is exact for these accounts and users.
 */
export function forecast(before: Snapshot, after: Snapshot, options: ForecastOptions): Forecast {
  const steps = forecastInSteps(before, after, options)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    options.progress?.(step.value)
  }
}
