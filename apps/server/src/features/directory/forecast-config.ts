import { setImmediate } from 'node:timers/promises'
import {
  compile,
  type Forecast,
  forecastInSteps,
  type Ruleset,
  type Snapshot,
  type SummaryOptions,
} from '@dimmer/engine'
import type { FlagConfig, ForecastView } from '@dimmer/protocol'
import { linearRegex } from '../../kernel/linear-regex.ts'
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

/** What a config would change for whom, over the project's directory. Refuses what saving it would refuse. */
export async function forecastConfig(
  { db, clock, directories }: DirectoryDeps,
  change: { readonly environment: Environment; readonly flagKey: string; readonly config: FlagConfig },
  options: SummaryOptions,
): Promise<ForecastView> {
  const { before, after } = await previewConfig(db, change)
  const { directory, at } = await directories.of(change.environment.projectId)
  const input = { flag: change.flagKey, directory, now: clock.now(), compile: snapshotOf }
  const forecast = await inTurns(forecastInSteps(snapshotOf(before), snapshotOf(after), input))
  return { ...forecast.summary(options), directoryAt: new Date(at).toISOString() }
}
