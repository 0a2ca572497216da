import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Ticket, ticketSchema } from '@dimmer/protocol'
import { z } from 'zod'
import { AppError } from '../../kernel/errors.ts'

/** A call of a support desk as it came: what is signed is the bytes. */
export interface HookCall {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** A ticket, or why the message is none: desks send many kinds to one address. */
export type ReadTicket = { readonly ticket: Ticket } | { readonly ignored: string }

/** One support desk's way to sign and to write. */
export interface DeskDialect {
  /** Whether the bytes were signed with the secret. `now` in epoch ms. */
  signed(call: HookCall, secret: string, now: number): boolean
  read(body: unknown): ReadTicket
}

/** A signed time further off than this is a replay, or a clock to be set right. */
const MOST_SKEW_MS = 5 * 60_000

const header = ({ headers }: HookCall, name: string): string => {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

const same = (given: string, wanted: string): boolean => {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** RFC 3339 or epoch seconds, as desks send it. */
const timeOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text))

function recentlySigned(time: string, now: number): boolean {
  return Math.abs(now - timeOf(time)) <= MOST_SKEW_MS
}

const plain: DeskDialect = {
  signed(call, secret, now) {
    const time = header(call, 'dimmer-timestamp')
    const wanted = createHmac('sha256', secret).update(`${time}.`).update(call.body).digest('hex')
    return same(header(call, 'dimmer-signature'), wanted) && recentlySigned(time, now)
  },
  read: body => ({ ticket: parse(ticketSchema, body) }),
}

/** Webhook event "ticket.created" (schema version 2022-11-06); developer.zendesk.com, "Verifying webhooks". */
const zendeskEvent = z.object({
  type: z.literal('zen:event-type:ticket.created'),
  detail: z.object({
    id: z.union([z.string(), z.number()]).transform(String),
    created_at: z.iso.datetime({ offset: true }).exactOptional(),
    subject: z.string().nullish(),
    description: z.string().nullish(),
    external_id: z.string().nullish(),
    requester_email: z.string().nullish(),
  }),
})

const zendesk: DeskDialect = {
  signed(call, secret, now) {
    const time = header(call, 'x-zendesk-webhook-signature-timestamp')
    const wanted = createHmac('sha256', secret).update(time).update(call.body).digest('base64')
    return same(header(call, 'x-zendesk-webhook-signature'), wanted) && recentlySigned(time, now)
  },
  read(body) {
    const type = typeOf(body, 'type')
    // A trigger sends what its author wrote: the plain shape.
    if (type === undefined) return plain.read(body)
    if (type !== 'zen:event-type:ticket.created') return { ignored: `messages of the type "${type}"` }
    const { detail } = parse(zendeskEvent, body)
    return {
      ticket: {
        id: detail.id,
        ...(detail.created_at !== undefined && { at: detail.created_at }),
        ...texts({ subject: detail.subject, text: detail.description }),
        ...present('userId', detail.external_id),
        ...present('email', detail.requester_email),
      },
    }
  },
}

/** Webhook topic "conversation.user.created"; developers.intercom.com, "Webhook notifications". */
const intercomEvent = z.object({
  topic: z.literal('conversation.user.created'),
  data: z.object({
    item: z.object({
      id: z.union([z.string(), z.number()]).transform(String),
      created_at: z.number().exactOptional(),
      source: z.object({
        subject: z.string().nullish(),
        body: z.string().nullish(),
        author: z.object({ email: z.string().nullish() }).nullish(),
      }),
      contacts: z.object({ contacts: z.array(z.object({ external_id: z.string().nullish() })) }).nullish(),
    }),
  }),
})

const intercom: DeskDialect = {
  signed(call, secret) {
    const wanted = createHmac('sha1', secret).update(call.body).digest('hex')
    return same(header(call, 'x-hub-signature'), `sha1=${wanted}`)
  },
  read(body) {
    const topic = typeOf(body, 'topic')
    if (topic !== undefined && topic !== 'conversation.user.created') return { ignored: `messages about "${topic}"` }
    const { item } = parse(intercomEvent, body).data
    const { source, contacts } = item
    return {
      ticket: {
        id: item.id,
        ...(item.created_at !== undefined && { at: item.created_at * 1000 }),
        ...texts({ subject: withoutTags(source.subject), text: withoutTags(source.body) }),
        ...present('userId', contacts?.contacts[0]?.external_id),
        ...present('email', source.author?.email),
      },
    }
  },
}

export const DIALECTS = { tickets: plain, zendesk, intercom } as const

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  throw new AppError('invalid-request', 'The message is not a ticket as this kind of connection sends it.', {
    details: read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
  })
}

function typeOf(body: unknown, field: 'type' | 'topic'): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const value: unknown = Reflect.get(body, field)
  return typeof value === 'string' ? value.slice(0, 100) : undefined
}

const present = (field: 'userId' | 'email', value: string | null | undefined) =>
  value === null || value === undefined || value === '' ? {} : { [field]: value }

const texts = ({ subject, text }: { subject: string | null | undefined; text: string | null | undefined }) => ({
  ...(typeof subject === 'string' && { subject: subject.slice(0, 2_000) }),
  ...(typeof text === 'string' && { text: text.slice(0, 100_000) }),
})

/** Bodies are HTML there. What is left is read for its mood and thrown away, never shown. */
const withoutTags = (html: string | null | undefined) => html?.replace(/<[^>]*>/g, ' ')
