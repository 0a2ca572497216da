import {
  type Condition,
  type Flag,
  type FlagKey,
  type Segment,
  type SegmentKey,
  type Serve,
  segmentsOf,
} from '@dimmer/engine'
import type { SegmentUse } from '@dimmer/protocol'
import type { Db, Tx } from '../../kernel/database.ts'
import { namesAny } from '../../kernel/names-any.ts'
import { selectEnvironmentsOfProject } from '../projects/index.ts'
import { selectEnvironmentFlags } from './flags-store.ts'

const splitUnit = (serve: Serve): string | undefined => ('split' in serve ? serve.split.unit : undefined)

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
    unitsCounted(flag).includes(unit) ? [`the flag "${flag.key}" in ${environment}`] : [],
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

type Conditions = readonly { readonly when?: Condition }[]

/** The segments that rules or other conditions name, by themselves or through other segments. */
export const segmentsNamed = (
  conditions: Conditions,
  segments: Readonly<Record<SegmentKey, Segment>>,
): ReadonlySet<SegmentKey> =>
  reachable(
    conditions.flatMap(({ when }) => segmentsOf(when)),
    key => segmentsOf(segments[key]?.when),
  )

/** The segments on which a flag may depend, through its prerequisites and through other segments. */
export function segmentsNeeded(
  flags: readonly Flag[],
  flagKey: FlagKey,
  segments: Readonly<Record<SegmentKey, Segment>>,
): ReadonlySet<SegmentKey> {
  const of = (key: FlagKey) => flags.filter(flag => flag.key === key)
  const keys = reachable([flagKey], key => of(key).flatMap(flag => flag.prerequisites.map(({ flag: other }) => other)))
  return segmentsNamed(
    [...keys].flatMap(of).flatMap(({ rules }) => rules),
    segments,
  )
}

/** The units by which a config deals. */
export const unitsCounted = ({ rules, fallthrough }: Pick<Flag, 'rules' | 'fallthrough'>): readonly string[] =>
  [splitUnit(fallthrough), ...rules.flatMap(({ share, serve }) => [share?.unit, splitUnit(serve)])].filter(
    unit => unit !== undefined,
  )
