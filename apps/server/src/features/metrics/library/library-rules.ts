/** What a library makes of its rows. Pure. */
import type { MetricHealth, MetricUse, MetricVersion, MetricView } from '@dimmer/protocol'
import type { MetricDefinition } from '@dimmer/rollout'
import { canonicalJson } from '../../../kernel/canonical-json.ts'
import type { MetricRow } from './library-store.ts'

/** A use of some version of some metric, written out: whether it is the library's is still to be seen. */
export interface FoundUse {
  readonly definition: MetricDefinition
  readonly use: MetricUse
}

/** A metric of the library: its versions, the newest first. */
export interface LibraryMetric {
  readonly newest: MetricRow
  readonly versions: readonly MetricRow[]
}

export const sameDefinition = (a: MetricDefinition, b: MetricDefinition): boolean =>
  canonicalJson(a) === canonicalJson(b)

/** Rows by key, the newest version first, of which those that were deleted last are left out. */
export function metricsOf(rows: readonly MetricRow[]): readonly LibraryMetric[] {
  const byKey = new Map<string, MetricRow[]>()
  for (const row of rows) byKey.set(row.key, [...(byKey.get(row.key) ?? []), row])
  return [...byKey.values()].flatMap(versions => {
    const [newest] = versions
    return newest === undefined || newest.deleted_at !== null ? [] : [{ newest, versions }]
  })
}

/** Those uses that are of a version of this metric, and not of one that a plan wrote out under the same key. */
export const usesOf = ({ versions }: LibraryMetric, uses: readonly FoundUse[]): readonly MetricUse[] =>
  uses
    .filter(({ definition }) => versions.some(row => sameDefinition(row.definition, definition)))
    .map(({ use }) => use)

export const presentVersion = ({ definition, at }: MetricRow): MetricVersion => ({ definition, at: at.toISOString() })

export function presentMetric(
  metric: LibraryMetric,
  { uses, health }: { readonly uses: readonly FoundUse[]; readonly health: MetricHealth | undefined },
): MetricView {
  const { newest, versions } = metric
  return {
    definition: newest.definition,
    createdAt: (versions.at(-1) ?? newest).at.toISOString(),
    changedAt: newest.at.toISOString(),
    usedBy: usesOf(metric, uses),
    ...(health && { health }),
  }
}

/** 'the running rollout of "new-pdf-engine" in production' */
export const useWords = ({ status, flag, environment }: MetricUse): string =>
  `the ${status} rollout of "${flag}" in ${environment}`
