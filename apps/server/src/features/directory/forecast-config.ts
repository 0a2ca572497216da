import { setImmediate } from 'node:timers/promises'
import {
  compile,
  type Forecast,
  forecastInSteps,
  type NamedUnit,
  type Ruleset,
  type Snapshot,
  type SummaryOptions,
} from '@dimmer/engine'
import { linearRegex } from '@dimmer/node/follow'
import type { FlagConfig, ForecastNames, ForecastNamesQuery, ForecastView } from '@dimmer/protocol'
import { previewConfig } from '../flags/index.ts'
import type { Environment } from '../projects/index.ts'
import type { DirectoryDeps } from './upload-directory.ts'

const snapshotOf = (ruleset: Ruleset): Snapshot => compile(ruleset, { regex: linearRegex })

/** Lets other requests through between the steps. */
async function inTurns(steps: Generator<unknown, Forecast, undefined>): Promise<Forecast> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await setImmediate()
  }
}

/** What changes for whom from one ruleset to another; `at`: when the directory was read, epoch ms. */
export async function compareRulesets(
  { clock, directories }: DirectoryDeps,
  change: {
    readonly projectId: string
    readonly flagKey: string
    readonly before: Ruleset
    readonly after: Ruleset
    /** The time for which it is asked, epoch ms; absent: now. */
    readonly now?: number
  },
): Promise<{ readonly forecast: Forecast; readonly at: number }> {
  const { projectId, flagKey, before, after, now = clock.now() } = change
  const { directory, at } = await directories.of(projectId)
  const input = { flag: flagKey, directory, now, compile: snapshotOf }
  return { forecast: await inTurns(forecastInSteps(snapshotOf(before), snapshotOf(after), input)), at }
}

/** A config that somebody thinks of, and where. */
export interface ConfigIdea {
  readonly environment: Environment
  readonly flagKey: string
  readonly config: FlagConfig
  /** RFC 3339: the time for which it is asked; absent: now. */
  readonly at?: string
}

/** The forecast of a config over the project's directory. Refuses what saving it would refuse. */
async function forecastOf(deps: DirectoryDeps, idea: ConfigIdea) {
  const rulesets = await previewConfig(deps.db, idea)
  const { environment, flagKey, at } = idea
  const now = at === undefined ? {} : { now: Date.parse(at) }
  return compareRulesets(deps, { projectId: environment.projectId, flagKey, ...rulesets, ...now })
}

/** What a config would change for whom. */
export async function forecastConfig(
  deps: DirectoryDeps,
  idea: ConfigIdea,
  options: SummaryOptions,
): Promise<ForecastView> {
  const { forecast, at } = await forecastOf(deps, idea)
  return { ...forecast.summary(options), directoryAt: new Date(at).toISOString() }
}

/** Everybody in a group of a forecast, page by page. */
export async function forecastNames(
  deps: DirectoryDeps,
  idea: ConfigIdea,
  { of, unit = 'account', offset = 0, limit = 1_000 }: ForecastNamesQuery,
): Promise<ForecastNames> {
  const { forecast } = await forecastOf(deps, idea)
  const names: NamedUnit[] = []
  let index = 0
  for (const name of of === 'splitTeams' ? forecast.splitTeams() : forecast.members(unit, of)) {
    if (names.length === limit) return { names, more: true }
    if (index++ >= offset) names.push(name)
  }
  return { names, more: false }
}
