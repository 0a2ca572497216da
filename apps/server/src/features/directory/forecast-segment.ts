import type { Ruleset, Segment, SegmentKey } from '@dimmer/engine'
import type { ChangeForecast, FlagForecast, PreviewSegment } from '@dimmer/protocol'
import type { Tx } from '../../kernel/database.ts'
import { assertSegmentsMakeSense, rulesetOf, segmentsNeeded, selectEnvironmentFlags } from '../flags/index.ts'
import { type Environment, selectEnvironmentsOfProject } from '../projects/index.ts'
import { patchedSegment, selectSegments } from '../segments/index.ts'
import { compareRulesets } from './forecast-config.ts'
import type { DirectoryDeps } from './upload-directory.ts'

/** A forecast over a large directory takes a tenth of a second: nobody waits for hundreds. */
const MOST_FLAGS = 20

/** Parts of a segment that somebody thinks of. */
export interface SegmentIdea {
  readonly projectId: string
  readonly key: SegmentKey
  readonly parts: PreviewSegment
}

interface Reached {
  readonly environment: string
  readonly flag: string
  readonly before: Ruleset
  readonly after: Ruleset
}

type Segments = Readonly<Record<SegmentKey, Segment>>

async function reachedIn(
  tx: Tx,
  environment: Environment,
  { key, before, after }: { readonly key: SegmentKey; readonly before: Segments; readonly after: Segments },
): Promise<readonly Reached[]> {
  const flags = await selectEnvironmentFlags(tx, environment.id)
  const reached = flags.filter(flag => flag.on && segmentsNeeded(flags, flag.key, after).has(key))
  const [old, now] = [rulesetOf(environment, flags, before), rulesetOf(environment, flags, after)]
  return reached.map(flag => ({ environment: environment.key, flag: flag.key, before: old, after: now }))
}

/** The flags that decide by a segment, each with what is and what would be. Refuses what saving it would refuse. */
function preview({ db }: DirectoryDeps, { projectId, key, parts }: SegmentIdea): Promise<readonly Reached[]> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async tx => {
      const before = await selectSegments(tx, projectId)
      const known: Segment = Object.hasOwn(before, key) ? (before[key] ?? { key }) : { key }
      const changed = { [key]: patchedSegment(known, parts) }
      const reached: Reached[] = []
      for (const environment of await selectEnvironmentsOfProject(tx, projectId)) {
        await assertSegmentsMakeSense(tx, environment, changed)
        reached.push(...(await reachedIn(tx, environment, { key, before, after: { ...before, ...changed } })))
      }
      return reached
    })
}

/** What other parts of a segment would change for whom: flag by flag that is on and decides by it, at most twenty. */
export async function forecastSegment(deps: DirectoryDeps, idea: SegmentIdea): Promise<ChangeForecast> {
  const reached = await preview(deps, idea)
  const flags: FlagForecast[] = []
  for (const { environment, flag, before, after } of reached.slice(0, MOST_FLAGS)) {
    const change = { projectId: idea.projectId, flagKey: flag, before, after }
    const { forecast, at } = await compareRulesets(deps, change)
    flags.push({
      flag,
      environment,
      forecast: { ...forecast.summary({ by: [] }), directoryAt: new Date(at).toISOString() },
    })
  }
  return { flags, more: reached.length - flags.length }
}
