/** Messages of the admin API about what an environment is connected to: support desks, Prometheus, analytics tools. */
import { z } from 'zod'
import { keySchema } from './flag-schemas.ts'

const url = z
  .url({ protocol: /^https?$/, error: 'an address that begins with https:// or http://' })
  .max(500)
  .refine(text => new URL(text).username === '' && new URL(text).password === '', {
    error: 'no name or password in the address: they would be stored in the open; use the secret',
  })
const noSettings = z.strictObject({}).default({})
const base = { key: keySchema, name: z.string().trim().min(1).max(100) }
/** What the other side gave, or wants to be shown. Kept sealed, never given out again. */
const secret = z
  .string()
  .regex(/^[!-~]+$/, 'visible ASCII characters, no spaces')
  .min(8)
  .max(500)
const UNITS_SENT = z.array(z.string().min(1).max(100)).min(1).max(10).default(['user', 'account'])

/** A support desk of any kind that can call an address. Without a secret, one is made and shown once. */
const tickets = z.strictObject({
  ...base,
  kind: z.literal('tickets'),
  settings: noSettings,
  secret: secret.exactOptional(),
})
/** `secret`: the signing secret of the Zendesk webhook. */
const zendesk = z.strictObject({ ...base, kind: z.literal('zendesk'), settings: noSettings, secret })
/** `secret`: the client secret of the Intercom app. */
const intercom = z.strictObject({ ...base, kind: z.literal('intercom'), settings: noSettings, secret })
/** `secret`: a bearer token, where Prometheus stands behind one. */
const prometheus = z.strictObject({
  ...base,
  kind: z.literal('prometheus'),
  settings: z.strictObject({ url }),
  secret: secret.exactOptional(),
})
/** `secret`: the project token. `url`: https://api-eu.mixpanel.com where the project lives in the EU. */
const mixpanel = z.strictObject({
  ...base,
  kind: z.literal('mixpanel'),
  settings: z.strictObject({ url: url.default('https://api.mixpanel.com'), units: UNITS_SENT }),
  secret,
})
/** `secret`: the API key. `url`: https://api.eu.amplitude.com where the project lives in the EU. */
const amplitude = z.strictObject({
  ...base,
  kind: z.literal('amplitude'),
  settings: z.strictObject({ url: url.default('https://api2.amplitude.com'), units: UNITS_SENT }),
  secret,
})
/** Batches as Segment takes them, to any address. `secret`: the write key, sent as the name of basic authentication. */
const webhook = z.strictObject({
  ...base,
  kind: z.literal('webhook'),
  settings: z.strictObject({ url, units: UNITS_SENT }),
  secret,
})

export const createConnectionSchema = z.discriminatedUnion('kind', [
  tickets,
  zendesk,
  intercom,
  prometheus,
  mixpanel,
  amplitude,
  webhook,
])
export type CreateConnection = z.output<typeof createConnectionSchema>
export type CreateConnectionInput = z.input<typeof createConnectionSchema>
export type ConnectionKind = CreateConnection['kind']
export type ConnectionSettings = CreateConnection['settings']

export interface ConnectionView {
  readonly key: string
  readonly kind: ConnectionKind
  readonly name: string
  readonly settings: ConnectionSettings
  readonly createdAt: string
  /** Where a support desk sends its tickets, e.g. "/hooks/v1/tickets/2f1c...". Null for what Dimmer calls by itself. */
  readonly address: string | null
  /** What passed so far, and what did not: the last time of each, and why. */
  readonly health: ConnectionHealth
}

export interface ConnectionHealth {
  /** Tickets taken, assignments delivered, or numbers read. */
  readonly passed: number
  /** Tickets of nobody we know; assignments that the other side will never take. */
  readonly refused: number
  readonly lastPassedAt: string | null
  readonly lastProblemAt: string | null
  readonly lastProblem: string | null
}

/** A new connection; `secret` only where it was made here, and only this once. */
export interface NewConnection extends ConnectionView {
  readonly secret?: string
}

/** One ticket, as any support desk can send it. `id` makes a repeated call harmless. */
export const ticketSchema = z.strictObject({
  id: z.string().min(1).max(200),
  /** When it was written: RFC 3339, or epoch ms. Absent: now. */
  at: z.union([z.iso.datetime({ offset: true }), z.number().min(0).max(8.64e15)]).exactOptional(),
  accountId: z.string().min(1).max(200).exactOptional(),
  userId: z.string().min(1).max(200).exactOptional(),
  /** Finds the person in the directory, if there is no id. */
  email: z.string().min(3).max(320).exactOptional(),
  subject: z.string().max(2_000).exactOptional(),
  text: z.string().max(100_000).exactOptional(),
  /** From -1 to 1. Absent: read from subject and text, which must be English for that. */
  sentiment: z.number().min(-1).max(1).exactOptional(),
})
export type Ticket = z.output<typeof ticketSchema>

/** What became of a ticket. Nothing of its text is kept. */
export interface TicketAnswer {
  readonly accepted: boolean
  /** Why not: "ignored" kinds of messages, tickets of people that the directory doesn't know. */
  readonly because?: string
  readonly duplicate?: boolean
  readonly sentiment?: number
}

/** What became of the tickets of a file. `unknown`: of nobody in the directory; `duplicate`: they were there already. */
export interface TicketsUploaded {
  readonly taken: number
  readonly unknown: number
  readonly duplicate: number
}

/** An assignment that the other side refused for good. */
export interface UndeliveredView {
  readonly id: string
  readonly at: string
  readonly reason: string
  readonly flag: string
  readonly variant: string
  readonly unit: string
  readonly unitId: string
}

/** After another try. */
export interface UndeliveredRetried {
  readonly delivered: number
  readonly left: number
  /** Why not all. */
  readonly because?: string
}
