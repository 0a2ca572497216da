import { sql } from 'kysely'
import { type Db, jsonb, type Tx } from '../../../kernel/database.ts'
import { basisOf, type Cuts, cutsOf, differFrom, type FactSubject, sameVersions } from './fact-subject.ts'
import { foldEvents, type Kinds, markTouchedSince } from './fold-events.ts'
import { type SeriesHistory, takeHistory } from './history.ts'
import { settledSeq } from './settled-seq.ts'
import { dropStandings, updateStandings } from './standings.ts'

interface SeriesRow {
  readonly id: number
  readonly basis: string
  readonly cuts: Cuts
  readonly seq: number | null
  readonly folded_at: Date
}

/** The series, locked; made anew where something else is to be counted than before. */
async function openSeries(tx: Tx, subject: FactSubject, now: number): Promise<SeriesRow> {
  const { owner, metricId } = subject
  const basis = basisOf(subject)
  const cuts = JSON.stringify(cutsOf(subject))
  await sql`delete from fact_series where owner = ${owner} and metric_id = ${metricId} and basis <> ${basis}`.execute(
    tx,
  )
  await sql`
    insert into fact_series (owner, metric_id, basis, cuts, folded_at)
    values (${owner}, ${metricId}, ${basis}, ${cuts}::jsonb, ${new Date(now)})
    on conflict (owner, metric_id) do nothing`.execute(tx)
  const { rows } = await sql<SeriesRow>`
    select id, basis, cuts, seq, folded_at from fact_series
    where owner = ${owner} and metric_id = ${metricId} for update`.execute(tx)
  const [row] = rows
  if (row === undefined) throw new Error(`the facts of ${owner}/${metricId} were removed in between`)
  return row
}

async function kindsOf(tx: Tx, { treatment, measure }: FactSubject): Promise<Kinds> {
  const { environmentId, unit } = treatment
  const { rows } = await sql<{ id: number; name: string }>`
    select id, name from event_names where environment_id = ${environmentId} and unit = ${unit}
      and name in (${measure.of.event}, ${measure.per?.event ?? measure.of.event})`.execute(tx)
  const idOf = (event: string | undefined) => rows.find(({ name }) => name === event)?.id ?? null
  return { of: idOf(measure.of.event), per: idOf(measure.per?.event) }
}

const saveHistory = async (tx: Tx, series: number, history: SeriesHistory): Promise<void> => {
  await sql`update fact_series set history = ${jsonb(history)} where id = ${series}`.execute(tx)
}

/** So that the events of a look are sorted in memory: 100,000 of them take 10 MB. */
const WORK_MEM = sql`set local work_mem = '32MB'`

/** Clocks of nodes may differ by so much without an event being missed. */
const CLOCKS_APART_MS = 5_000

/**
 * Brings the facts of one metric up to date with everything that has been committed, reading only what is new since the
 * last time. Gives the id of the series. Two nodes at once wait for each other.
 */
export async function updateFacts(db: Db, subject: FactSubject, now: number): Promise<number> {
  return db.transaction().execute(async tx => {
    const row = await openSeries(tx, subject, now)
    const upTo = await settledSeq(tx)
    const kinds = await kindsOf(tx, subject)
    const folding = { tx, series: row.id, subject, kinds }
    const cuts = cutsOf(subject)
    const moved = !sameVersions(row.cuts, cuts)
    const differ = differFrom(row.cuts, cuts)
    if (row.seq === upTo && !moved && differ === undefined) return row.id
    await WORK_MEM.execute(tx)
    const left = moved ? await dropStandings(tx, row.id, subject) : []
    await updateStandings(tx, row.id, subject, { after: moved ? 0 : (row.seq ?? 0), upTo })
    if (differ !== undefined && differ < row.folded_at.getTime() + CLOCKS_APART_MS) {
      await markTouchedSince(folding, differ)
    }
    // In a new series all units are stale: they are counted from all events, and no event is new.
    if (row.seq === null) await saveHistory(tx, row.id, await takeHistory(folding, upTo))
    await foldEvents(folding, { after: row.seq ?? upTo, upTo }, left)
    await sql`
      update fact_series set seq = ${upTo}, cuts = ${JSON.stringify(cuts)}::jsonb, folded_at = ${new Date(now)}
      where id = ${row.id}`.execute(tx)
    return row.id
  })
}
