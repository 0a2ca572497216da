import type { ExperimentView, ReadExperiment } from '@dimmer/protocol'
import { readExperiment } from '@dimmer/rollout'
import type { Db } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Clock } from '../../ports/clock.ts'
import { attributeOfUnits } from '../directory/index.ts'
import { findFlag } from '../flags/index.ts'
import { offPeriods, outcomesByVariant, selectLibrary, type VariantOutcomes } from '../metrics/index.ts'
import { type Environment, selectFlagVersions } from '../projects/index.ts'
import { armsOf, assertReadable, definedMetrics, splitSince } from './experiments-rules.ts'

export interface ExperimentDeps {
  readonly db: Db
  readonly clock: Clock
}

export interface SplitPlace {
  readonly environment: Environment
  readonly flag: string
}

/** More values than these are no segments, but names. */
const MOST_SEGMENTS = 50

interface Segmented {
  readonly projectId: string
  readonly unit: string
  readonly segment: string
}

/** The same outcomes, each with what the directory says of its unit. */
async function withSegments(db: Db, { projectId, unit, segment }: Segmented, metrics: readonly VariantOutcomes[]) {
  const unitIds = [...new Set(metrics.flatMap(({ outcomes }) => outcomes.map(({ unitId }) => unitId)))]
  const values = await attributeOfUnits(db, { projectId, unit, unitIds, attribute: segment })
  const distinct = new Set(values.values()).size
  if (distinct > MOST_SEGMENTS) {
    throw new AppError(
      'invalid-request',
      `The attribute "${segment}" has ${distinct} values among these units; an experiment is read by at most ${MOST_SEGMENTS}.`,
    )
  }
  return metrics.map(metric => ({
    ...metric,
    outcomes: metric.outcomes.map(outcome => {
      const value = values.get(outcome.unitId)
      return value === undefined ? outcome : { ...outcome, segments: { [segment]: value } }
    }),
  }))
}

/** Reads the split of a flag's rule, or of its fallthrough, as an A/B test on all events that have arrived. */
export async function readSplit(
  { db, clock }: ExperimentDeps,
  { environment, flag }: SplitPlace,
  request: ReadExperiment,
): Promise<ExperimentView> {
  await findFlag(db, environment.projectId, flag)
  const since = splitSince(await selectFlagVersions(db, environment.id, flag), request.rule)
  const { unit } = since.split
  const { arms, baseline } = armsOf(since, request)
  const { segment, alpha, smallestLift } = request
  const metrics = definedMetrics(request, await selectLibrary(db, environment.projectId))
  assertReadable(metrics, since.split)
  const treatment = {
    environmentId: environment.id,
    flagKey: flag,
    ruleId: request.rule ?? '',
    unit,
    fromVersion: since.version,
    untilVersion: null,
    compare: 'variants',
  } as const
  const now = clock.now()
  const off = await offPeriods(db, treatment)
  const found: VariantOutcomes[] = []
  for (const metric of metrics) {
    const outcomes = await outcomesByVariant(db, { metric, treatment, startedAt: since.at.getTime(), off }, now)
    if (outcomes !== undefined) found.push(outcomes)
  }
  const { projectId } = environment
  const measured = segment === undefined ? found : await withSegments(db, { projectId, unit, segment }, found)
  const { seen = {}, crossed = 0 } = measured[0] ?? {}
  const definition = {
    baseline,
    arms,
    metrics,
    ...(segment !== undefined && { segment }),
    ...(alpha !== undefined && { alpha }),
    ...(smallestLift !== undefined && { smallestLift }),
  }
  const outcomes = Object.fromEntries(metrics.map(({ key }, index) => [key, measured[index]?.outcomes ?? []]))
  return {
    rule: request.rule ?? null,
    unit,
    since: { version: since.version, at: since.at.toISOString() },
    baseline,
    arms: arms.map(arm => ({ ...arm, units: seen[arm.variant] ?? 0 })),
    crossed,
    ...readExperiment(definition, { seen, crossed, outcomes }, now),
  }
}
