import { type Flag, type FlagKey, type Segment, type SegmentKey, type Serve, segmentsOf } from '@dimmer/engine'
import type { SegmentUse } from '@dimmer/protocol'
import type { Db, Tx } from '../../kernel/database.ts'
import { namesAny } from '../../kernel/names-any.ts'
import { selectEnvironmentsOfProject } from '../projects/index.ts'
import { selectEnvironmentFlags } from './flags-store.ts'

const splitUnit = (serve: Serve): string | undefined => ('split' in serve ? serve.split.unit : undefined)

const countsBy = ({ rules, fallthrough }: Flag, unit: string): boolean =>
  splitUnit(fallthrough) === unit || rules.some(({ share, serve }) => share?.unit === unit || splitUnit(serve) === unit)

async function everyFlag<T>(
  db: Db | Tx,
  projectId: string,
  read: (flag: Flag, environment: string) => readonly T[],
): Promise<readonly T[]> {
  const found: T[] = []
  for (const { id, key } of await selectEnvironmentsOfProject(db, projectId)) {
    for (const flag of await selectEnvironmentFlags(db, id)) found.push(...read(flag, key))
  }
  return found
}

/** The flags that deal by a unit: 'the flag "new-pdf-engine" in production'. */
export const flagsUsingUnit = (tx: Tx, projectId: string, unit: string): Promise<readonly string[]> =>
  everyFlag(tx, projectId, (flag, environment) =>
    countsBy(flag, unit) ? [`the flag "${flag.key}" in ${environment}`] : [],
  )

/** The flags with a rule that names one of these ids: 'the flag "new-pdf-engine" in production'. */
export const flagsNaming = (tx: Tx, projectId: string, ids: readonly string[]): Promise<readonly string[]> =>
  everyFlag(tx, projectId, (flag, environment) =>
    flag.rules.some(({ when }) => namesAny(when, ids)) ? [`the flag "${flag.key}" in ${environment}`] : [],
  )

/** The rules that name segments, each with the segment. */
export const rulesUsingSegments = (
  db: Db | Tx,
  projectId: string,
): Promise<readonly { readonly segment: SegmentKey; readonly use: SegmentUse }[]> =>
  everyFlag(db, projectId, (flag, environment) =>
    flag.rules.flatMap(rule =>
      [...new Set(segmentsOf(rule.when))].map(segment => ({
        segment,
        use: { kind: 'rule', flag: flag.key, environment, rule: rule.id },
      })),
    ),
  )

/** Everything that can be reached from `start`, `start` included. */
function reachable(start: readonly string[], next: (key: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set(start)
  for (const key of found) for (const other of next(key)) found.add(other)
  return found
}

/** The segments on which a flag may depend, through its prerequisites and through other segments. */
export function segmentsNeeded(
  flags: readonly Flag[],
  flagKey: FlagKey,
  segments: Readonly<Record<SegmentKey, Segment>>,
): ReadonlySet<SegmentKey> {
  const of = (key: FlagKey) => flags.filter(flag => flag.key === key)
  const keys = reachable([flagKey], key => of(key).flatMap(flag => flag.prerequisites.map(({ flag: other }) => other)))
  const named = [...keys].flatMap(of).flatMap(flag => flag.rules.flatMap(rule => segmentsOf(rule.when)))
  return reachable(named, key => segmentsOf(segments[key]?.when))
}
