import { createHash } from 'node:crypto'
import type { Ticket, TicketAnswer, Track, UnitIds } from '@dimmer/protocol'
import type { Db } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Clock } from '../../ports/clock.ts'
import { type ConnectionRow, noteHealth, selectConnectionById } from '../connections/index.ts'
import { findPerson } from '../directory/index.ts'
import type { Ingest } from '../metrics/index.ts'
import { selectEnvironmentById } from '../projects/index.ts'
import { DIALECTS, type HookCall } from './read-ticket.ts'
import { sentimentOf } from './sentiment.ts'

export interface SignalDeps {
  readonly db: Db
  readonly clock: Clock
  readonly sealer: Sealer | undefined
  readonly ingest: Pick<Ingest, 'take'>
}

type DeskRow = ConnectionRow & { readonly kind: keyof typeof DIALECTS }

const isDesk = (row: ConnectionRow): row is DeskRow => Object.hasOwn(DIALECTS, row.kind)

/** The same answer whether the address or the signature is wrong: who guesses learns nothing. */
const unknownSender = () =>
  new AppError(
    'unauthenticated',
    'The address is unknown, or the message is not signed with the secret of this connection.',
  )

async function admitDesk(deps: SignalDeps, id: string, call: HookCall): Promise<DeskRow> {
  const row = await selectConnectionById(deps.db, id)
  if (row === undefined || !isDesk(row) || row.secret === null || deps.sealer === undefined) throw unknownSender()
  const secret = deps.sealer.open(row.secret, row.id)
  if (!DIALECTS[row.kind].signed(call, secret, deps.clock.now())) throw unknownSender()
  return row
}

/** The units that a ticket belongs to. Empty: it names nobody, or nobody we know. */
async function unitsOf({ db }: SignalDeps, projectId: string, ticket: Ticket): Promise<UnitIds> {
  const { accountId, userId, email } = ticket
  const by = userId !== undefined ? { userId } : email !== undefined ? { email } : undefined
  const person = by === undefined ? undefined : await findPerson(db, projectId, by)
  const account = accountId ?? person?.account
  const user = userId ?? person?.user
  return { ...(account !== undefined && { account }), ...(user !== undefined && { user }) }
}

function sentimentIn({ sentiment, subject = '', text = '' }: Ticket): number | undefined {
  if (sentiment !== undefined) return sentiment
  const words = `${subject}\n${text}`.trim()
  return words === '' ? undefined : sentimentOf(words)
}

/** A ticket as the events it stands for: one is counted, the other has the mood as its value. */
function tracksOf(units: UnitIds, at: number, sentiment: number | undefined): Track[] {
  const ticket = { name: 'ticket', at, units }
  return sentiment === undefined ? [ticket] : [ticket, { name: 'sentiment', at, units, value: sentiment }]
}

/** The same for every try to deliver the same ticket. */
const batchIdOf = (connectionId: string, ticketId: string): string =>
  `ticket-${createHash('sha256').update(`${connectionId}\n${ticketId}`).digest('hex').slice(0, 40)}`

/** Takes what a support desk sends: a ticket becomes events of its account and user. Its text is read and not kept. */
export async function takeTicket(deps: SignalDeps, connectionId: string, call: HookCall): Promise<TicketAnswer> {
  const row = await admitDesk(deps, connectionId, call)
  const at = new Date(deps.clock.now())
  const read = DIALECTS[row.kind].read(jsonOf(call.body))
  if ('ignored' in read) return { accepted: false, because: `Only new tickets count; ${read.ignored} are ignored.` }
  return countTicket(deps, row, read.ticket, at)
}

/** The events of a ticket; none if it names nobody we know. */
export async function eventsOfTicket(
  deps: SignalDeps,
  projectId: string,
  ticket: Ticket,
  now: Date,
): Promise<{ readonly events: readonly Track[]; readonly sentiment: number | undefined }> {
  const units = await unitsOf(deps, projectId, ticket)
  if (Object.keys(units).length === 0) return { events: [], sentiment: undefined }
  const sentiment = sentimentIn(ticket)
  const at = ticket.at === undefined ? now.getTime() : new Date(ticket.at).getTime()
  return { events: tracksOf(units, at, sentiment), sentiment }
}

async function countTicket(deps: SignalDeps, row: DeskRow, ticket: Ticket, now: Date): Promise<TicketAnswer> {
  const environment = await selectEnvironmentById(deps.db, row.environment_id)
  if (environment === undefined) throw unknownSender()
  const { projectId, id: environmentId } = environment
  const { events, sentiment } = await eventsOfTicket(deps, projectId, ticket, now)
  if (events.length === 0) {
    const because = 'It names nobody who is in the directory: send accountId or userId, or upload the directory.'
    await noteHealth(deps.db, row.id, { at: now, refused: 1, problem: because })
    return { accepted: false, because }
  }
  const batch = {
    batchId: batchIdOf(row.id, ticket.id),
    sentAt: now.getTime(),
    exposures: [],
    firstExposures: [],
    tracks: [...events],
    identifies: [],
    dropped: 0,
  }
  const { duplicate } = await deps.ingest.take({ environmentId, projectId }, batch)
  if (!duplicate) await noteHealth(deps.db, row.id, { at: now, passed: 1 })
  return { accepted: true, duplicate, ...(sentiment !== undefined && { sentiment }) }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw new AppError('malformed-json', 'The body is not valid JSON.', { cause })
  }
}
