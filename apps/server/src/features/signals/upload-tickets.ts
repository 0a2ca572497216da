import { createHash } from 'node:crypto'
import { type Ticket, type TicketsUploaded, ticketSchema } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import { type CsvRow, readCsv, refuseLines } from '../../kernel/csv.ts'
import { journal } from '../../kernel/journal.ts'
import { type Environment, projectOf } from '../projects/index.ts'
import { eventsOfTicket, type SignalDeps } from './take-ticket.ts'

const AT_ONCE = 1_000
const COLUMNS = Object.keys(ticketSchema.shape)

/** An empty cell is an absent field; a sentiment is a number. */
function ticketOf({ cells }: CsvRow): unknown {
  const filled = Object.entries(cells).filter(([, cell]) => cell !== '')
  return Object.fromEntries(filled.map(([name, cell]) => [name, name === 'sentiment' ? Number(cell) : cell]))
}

function readTickets(rows: readonly CsvRow[]): readonly Ticket[] {
  const bad: { line: number; message: string }[] = []
  const tickets = rows.flatMap(row => {
    const read = ticketSchema.safeParse(ticketOf(row))
    if (read.success) return [read.data]
    const [issue] = read.error.issues
    bad.push({ line: row.line, message: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not a ticket'}` })
    return []
  })
  refuseLines(bad, ['is no ticket', 'are no tickets', `Columns: ${COLUMNS.join(', ')}.`])
  return tickets
}

/** The same for the same tickets, whoever uploads them again. */
const batchIdOf = (tickets: readonly Ticket[]): string =>
  `tickets-${createHash('sha256').update(JSON.stringify(tickets)).digest('hex').slice(0, 40)}`

/** Takes the tickets of a CSV file: all that name somebody we know. */
export async function uploadTickets(
  deps: SignalDeps,
  place: { readonly environment: Environment; readonly actor: Actor },
  body: Buffer,
): Promise<TicketsUploaded> {
  const tickets = readTickets(await readCsv(body))
  const { environment, actor } = place
  const now = new Date(deps.clock.now())
  const counts = { taken: 0, unknown: 0, duplicate: 0 }
  for (let from = 0; from < tickets.length; from += AT_ONCE) {
    const part = tickets.slice(from, from + AT_ONCE)
    const tracks = []
    let known = 0
    for (const ticket of part) {
      const { events } = await eventsOfTicket(deps, environment.projectId, ticket, now)
      if (events.length > 0) known++
      tracks.push(...events)
    }
    counts.unknown += part.length - known
    if (known === 0) continue
    const { duplicate } = await deps.ingest.take(
      { environmentId: environment.id, projectId: environment.projectId },
      {
        batchId: batchIdOf(part),
        sentAt: now.getTime(),
        exposures: [],
        firstExposures: [],
        tracks,
        identifies: [],
        dropped: 0,
      },
    )
    counts[duplicate ? 'duplicate' : 'taken'] += known
  }
  await deps.db.transaction().execute(tx =>
    journal(tx, {
      actor,
      at: now,
      verb: 'upload',
      object: { kind: 'tickets', key: environment.key },
      project: projectOf(environment),
      environment: environment.key,
      after: counts,
    }),
  )
  return counts
}
