import { type Flag, type FlagKey, type Problem, type Ruleset, validateRuleset } from '@dimmer/engine'
import { linearRegex } from '@dimmer/node/follow'
import type { AuditFlagged, AuditVerb, FlagConfig } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Hub } from '../../kernel/hub.ts'
import { journal } from '../../kernel/journal.ts'
import type { Clock } from '../../ports/clock.ts'
import {
  type Environment,
  nextVersion,
  projectOf,
  type RulesetChanged,
  type RulesetEvents,
  recordChange,
  selectUnits,
} from '../projects/index.ts'
import { selectSegmentShapes } from '../segments/index.ts'
import { changedRules, flagOf, isFromNewerServer, isNewer, rulesetOf, settledVariant, verbOf } from './flags-rules.ts'
import {
  type ConfigRow,
  type FlagRow,
  saveConfig,
  selectConfig,
  selectEnvironmentFlags,
  selectFlag,
  selectRuleOwners,
} from './flags-store.ts'

export interface FlagDeps {
  readonly db: Db
  readonly clock: Clock
  readonly hub: Hub<RulesetEvents>
  /** Refuses, with `approval-needed`, direct changes that others must approve. */
  readonly guardChange: NonNullable<ConfigChange['guard']>
}

/** One change of one flag in one environment. */
export interface ConfigChange {
  readonly environment: Environment
  readonly flagKey: string
  readonly actor: Actor
  /** Who may touch rules that a rollout owns: its owner. */
  readonly owner?: string
  /** Refuse unless the flag is still at this version here. */
  readonly ifVersion?: number
  readonly change: (config: FlagConfig) => FlagConfig
  /** How the journal calls it; absent: by what it changes. */
  readonly verb?: AuditVerb
  readonly flagged?: AuditFlagged
  /** Asked before anything is saved: refuses, or says how the journal flags the change. */
  readonly guard?: (tx: Tx, change: GuardedChange) => Promise<AuditFlagged | undefined>
}

/** A change of a config, as those see it who may have to approve it. */
export interface GuardedChange {
  readonly environment: Environment
  readonly flagKey: FlagKey
  readonly before: FlagConfig
  readonly after: FlagConfig
  readonly actor: Actor
  /** The flag is made with it; `before`: as it would be without. */
  readonly isNew?: true
}

/** A live flag by key; refuses with `flag-not-found`. */
export async function findFlag(db: Db | Tx, projectId: string, key: string): Promise<FlagRow> {
  const flag = await selectFlag(db, projectId, key)
  if (flag === undefined || flag.archived_at !== null) {
    throw new AppError('flag-not-found', `There is no flag "${key}" in this project.`)
  }
  return flag
}

type Segments = Ruleset['segments']

/** What is wrong with an environment's flags and the project's segments together; `changed`: segments as they would be. */
async function problemsOf(
  tx: Tx,
  environment: Environment,
  { flags, changed = {} }: { readonly flags: readonly Flag[]; readonly changed?: Segments },
): Promise<readonly Problem[]> {
  const segments = { ...(await selectSegmentShapes(tx, environment.projectId)), ...changed }
  // As they are now: the environment may have been read before this transaction.
  const units = await selectUnits(tx, environment.projectId)
  return validateRuleset(rulesetOf({ ...environment, units }, flags, segments), { regex: linearRegex })
}

/** The flag that changes, as it will be, and as it stood; nothing stood where it is new. */
interface Changed {
  readonly after: Flag
  readonly before?: Pick<Flag, 'rules'> | undefined
}

/** Refuses flags that would not make sense together. Only problems of the flag that changes count. */
export async function assertMakesSense(
  tx: Tx,
  environment: Environment,
  siblings: readonly Flag[],
  { before, after }: Changed,
): Promise<void> {
  const place = `flags.${after.key}`
  const others = siblings.filter(({ key }) => key !== after.key)
  const problems = await problemsOf(tx, environment, { flags: [...others, after] })
  const own = problems
    .filter(({ path }) => path === place || path.startsWith(`${place}.`))
    .map(problem => ({ ...problem, path: problem.path.slice(place.length + 1) }))
    .filter(problem => before === undefined || !isFromNewerServer(problem, before, after))
  if (own.length === 0) return
  const details = own.map(({ path, message }) => ({ path, message }))
  throw new AppError('invalid-flag', own.map(problem => problem.message).join(' '), { details })
}

/** Refuses a config that would not make sense here. */
export async function assertConfigMakesSense(
  tx: Tx,
  environment: Environment,
  { flagKey, config }: { readonly flagKey: string; readonly config: FlagConfig },
): Promise<void> {
  const flag = await findFlag(tx, environment.projectId, flagKey)
  const flags = await selectEnvironmentFlags(tx, environment.id)
  const after = flagOf(pickShared(flag), config, environment.version)
  await assertMakesSense(tx, environment, flags, { before: flags.find(({ key }) => key === flagKey), after })
}

/**
 * Refuses segments that make no sense by themselves or with the flags that use them: as they are in this transaction, or
 * with some of them `changed`.
 */
export async function assertSegmentsMakeSense(tx: Tx, environment: Environment, changed: Segments = {}): Promise<void> {
  const all = await problemsOf(tx, environment, {
    flags: await selectEnvironmentFlags(tx, environment.id),
    changed,
  })
  // What a newer server wrote into a flag has nothing to do with these segments.
  const problems = all.filter(({ code, path }) => !(isNewer(code) && path.startsWith('flags.')))
  if (problems.length === 0) return
  const details = problems.map(({ path, message }) => ({ path, message }))
  const text = problems.map(({ path, message }) => `${path}: ${message}`).join(' ')
  throw new AppError('invalid-segment', `In ${environment.key}: ${text}`, { details })
}

async function assertNotOwned(tx: Tx, change: ConfigChange, flag: FlagRow, configs: readonly [FlagConfig, FlagConfig]) {
  const changed = changedRules(...configs)
  if (changed.length === 0) return
  const owners = await selectRuleOwners(tx, flag.id, change.environment.id)
  const foreign = owners.find(({ rule_id, owner }) => owner !== change.owner && changed.includes(rule_id))
  if (foreign) {
    throw new AppError(
      'rule-owned-by-rollout',
      `The rule "${foreign.rule_id}" is set by a running rollout. Roll it back or abort it first; switching off is always allowed.`,
    )
  }
}

/**
 * The one way a flag's config changes: inside the caller's transaction, it takes the environment's next version (which
 * keeps other writers out), checks the result as a whole, saves it and appends to the outbox. The caller tells the hub
 * after the commit.
 */
export async function changeConfigIn(tx: Tx, clock: Clock, change: ConfigChange): Promise<RulesetChanged> {
  const { environment, flagKey } = change
  const version = await nextVersion(tx, environment.id)
  const flag = await findFlag(tx, environment.projectId, flagKey)
  const row = await selectConfig(tx, flag.id, environment.id)
  if (row === undefined) throw new AppError('flag-not-found', `The flag "${flagKey}" is not in this environment.`)
  if (change.ifVersion !== undefined && change.ifVersion !== row.version) {
    throw new AppError(
      'version-conflict',
      `The flag is at version ${row.version} now, you started from ${change.ifVersion}. Read it again and repeat the change.`,
    )
  }
  const config = change.change(row.config)
  await assertNotOwned(tx, change, flag, [row.config, config])
  const guarded = { environment, flagKey, before: row.config, after: config, actor: change.actor }
  const flagged = change.flagged ?? (await change.guard?.(tx, guarded))
  const after = flagOf(pickShared(flag), config, version)
  await assertMakesSense(tx, environment, await selectEnvironmentFlags(tx, environment.id), {
    before: row.config,
    after,
  })
  const at = new Date(clock.now())
  await saveConfig(tx, configRow({ flag, environment, config, version, at, before: row }))
  await journal(tx, {
    actor: change.actor,
    at,
    verb: change.verb ?? verbOf(row.config, config),
    object: { kind: 'flag', key: flagKey },
    project: projectOf(environment),
    environment: environment.key,
    flag: flagKey,
    before: row.config,
    after: config,
    ...(flagged === undefined ? {} : { flagged }),
  })
  return recordChange(tx, { environment, flags: { [flagKey]: after }, version, actor: change.actor, at })
}

export const pickShared = ({
  key,
  type,
  variants,
  salt,
}: FlagRow): Pick<Flag, 'key' | 'type' | 'variants' | 'salt'> => ({
  key,
  type,
  variants,
  salt,
})

/** The row of a config, with since when everybody gets the same variant. */
export function configRow(made: {
  readonly flag: FlagRow
  readonly environment: Environment
  readonly config: FlagConfig
  readonly version: number
  readonly at: Date
  /** What stood there before; absent for a new flag. */
  readonly before?: ConfigRow
}): ConfigRow {
  const { flag, environment, config, version, at, before } = made
  const settled = settledVariant(config) ?? null
  const unchanged = before !== undefined && settled === before.settled_variant
  return {
    flag_id: flag.id,
    environment_id: environment.id,
    config,
    version,
    updated_at: at,
    settled_variant: settled,
    settled_since: settled === null ? null : unchanged ? before.settled_since : at,
  }
}

/** A direct change in a transaction of its own, told to the hub once it is committed. A kill needs no approval. */
export async function changeConfig(deps: FlagDeps, change: ConfigChange): Promise<RulesetChanged> {
  const guarded = change.verb === 'kill' ? change : { ...change, guard: deps.guardChange }
  const changed = await deps.db.transaction().execute(tx => changeConfigIn(tx, deps.clock, guarded))
  deps.hub.emit('ruleset-changed', changed)
  return changed
}
