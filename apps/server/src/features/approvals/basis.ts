import type { Condition, SegmentKey } from '@dimmer/engine'
import type { FlagConfig } from '@dimmer/protocol'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { segmentsNamed, unitsCounted } from '../flags/index.ts'
import { selectUnits } from '../projects/index.ts'
import { digestOf, selectSegmentRows, selectSegmentShapes } from '../segments/index.ts'
import type { Basis, RequestRow } from './approvals-store.ts'

async function stateOf(
  db: Db | Tx,
  projectId: string,
  wanted: { readonly segments: ReadonlySet<SegmentKey>; readonly units: ReadonlySet<string> },
): Promise<Basis> {
  const rows = (await selectSegmentRows(db, projectId)).filter(({ key }) => wanted.segments.has(key))
  const units = Object.entries(await selectUnits(db, projectId)).filter(([name]) => wanted.units.has(name))
  return {
    segments: Object.fromEntries(rows.map(row => [row.key, digestOf(row)])),
    units: Object.fromEntries(units),
  }
}

interface Meant {
  readonly conditions: readonly { readonly when?: Condition }[]
  /** The segment that changes itself. */
  readonly segment?: SegmentKey
  readonly units: readonly string[]
}

/** Segments and units as they are now on which a change depends. Approvals are of what these mean at the time. */
export async function basisOf(tx: Tx, projectId: string, { conditions, segment, units }: Meant): Promise<Basis> {
  const shapes = await selectSegmentShapes(tx, projectId)
  const segments = new Set(segmentsNamed(conditions, shapes))
  const listed = [...segments].flatMap(key => [shapes[key]?.list?.unit, shapes[key]?.exclude?.unit])
  if (segment !== undefined) segments.add(segment)
  return stateOf(tx, projectId, {
    segments,
    units: new Set([...units, ...listed.filter(unit => unit !== undefined)]),
  })
}

export const basisOfConfig = (tx: Tx, projectId: string, config: FlagConfig): Promise<Basis> =>
  basisOf(tx, projectId, { conditions: config.rules, units: unitsCounted(config) })

/** What has changed since a request was written, in words: 'the segment "pilots"'. */
export async function changedSince(db: Db | Tx, row: RequestRow): Promise<readonly string[]> {
  const { segments, units } = row.basis
  const now = await stateOf(db, row.project_id, {
    segments: new Set(Object.keys(segments)),
    units: new Set(Object.keys(units)),
  })
  if (canonicalJson(now) === canonicalJson(row.basis)) return []
  return [
    ...Object.keys(segments).flatMap(key => (segments[key] === now.segments[key] ? [] : [`the segment "${key}"`])),
    ...Object.keys(units).flatMap(name => (units[name] === now.units[name] ? [] : [`the unit "${name}"`])),
  ]
}

/** Refuses a request that would no longer do what was approved. */
export async function assertBasis(tx: Tx, row: RequestRow): Promise<void> {
  const changed = await changedSince(tx, row)
  if (changed.length === 0) return
  throw new AppError(
    'version-conflict',
    `Since this was written, ${changed.join(' and ')} changed, on which it depends. Edit the request to start from what is there now.`,
  )
}
