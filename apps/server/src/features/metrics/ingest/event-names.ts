import { sql } from 'kysely'
import type { Tx } from '../../../kernel/database.ts'
import type { EventName, NamedTracks } from './ingest-rules.ts'
import { eventNameKey } from './ingest-rules.ts'

/** Names of events times units, per environment: a name made of ids would otherwise fill the table. */
const MOST_NAMES = 2_000

interface NameRow {
  readonly id: number
  readonly environment_id: string
  readonly name: string
  readonly unit: string
}

const asColumns = (names: readonly EventName[]) => ({
  environments: names.map(({ environmentId }) => environmentId),
  names: names.map(({ name }) => name),
  units: names.map(({ unit }) => unit),
})

/** The numbers that stand for event names in `events`. Remembers what was committed. */
export class EventNames {
  readonly #ids = new Map<string, number>()

  /**
   * The number of each name, by its key. New names get one; a name without one here has no room left in its
   * environment.
   */
  async idsOf(tx: Tx, named: readonly NamedTracks[]): Promise<ReadonlyMap<string, number>> {
    const unknown = named.filter(({ key }) => !this.#ids.has(key))
    const found = unknown.length === 0 ? [] : await this.#claim(tx, unknown)
    const fresh = new Map(found.map(row => [eventNameKey({ ...row, environmentId: row.environment_id }), row.id]))
    const ids = new Map<string, number>()
    for (const { key } of named) {
      const id = this.#ids.get(key) ?? fresh.get(key)
      if (id !== undefined) ids.set(key, id)
    }
    return ids
  }

  /** To be told after the commit. */
  remember(ids: ReadonlyMap<string, number>): void {
    for (const [key, id] of ids) this.#ids.set(key, id)
  }

  async #claim(tx: Tx, unknown: readonly EventName[]): Promise<readonly NameRow[]> {
    const { environments, names, units } = asColumns(unknown)
    await sql`
      insert into event_names (environment_id, name, unit, last_at, count)
      select fresh.environment_id, fresh.name, fresh.unit, 'epoch', 0
      from (
        select asked.*, row_number() over (partition by asked.environment_id order by asked.unit, asked.name) as n
        from unnest(${environments}::text[], ${names}::text[], ${units}::text[]) as asked(environment_id, name, unit)
        where not exists (
          select 1 from event_names known where known.environment_id = asked.environment_id
            and known.name = asked.name and known.unit = asked.unit
        )
      ) fresh
      where fresh.n <= ${MOST_NAMES} - (
        select count(*) from event_names known where known.environment_id = fresh.environment_id
      )
      order by 1, 3, 2
      on conflict do nothing`.execute(tx)
    const { rows } = await sql<NameRow>`
      select id, environment_id, name, unit from event_names
      join unnest(${environments}::text[], ${names}::text[], ${units}::text[]) as asked(environment_id, name, unit)
        using (environment_id, name, unit)`.execute(tx)
    return rows
  }
}
