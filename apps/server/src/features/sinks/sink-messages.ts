import { createHash } from 'node:crypto'
import type { ConnectionKind } from '@dimmer/protocol'
import type { OutgoingAnswer, OutgoingRequest } from '../../ports/outgoing.ts'

/** What a sink is told: this unit has this variant of the flag, from then on. */
export interface Told {
  readonly flag: string
  readonly variant: string
  readonly environment: string
  readonly unit: string
  readonly unitId: string
  /** Epoch ms. */
  readonly at: number
}

/** Where a sink is, and the secret it gave. */
export interface SinkPlace {
  readonly url: string
  readonly secret: string
  /** Epoch ms. */
  readonly now: number
}

/** One of a batch that will never be taken. */
export interface Refused {
  readonly index: number
  readonly reason: string
}

/**
 * What an answer means. `again`: nothing was taken, try later. `split`: the batch as a whole was refused, a part of it may be
 * good. `some`: these will never be taken; the rest was, or has to be sent again without them.
 */
export type SinkVerdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'some'; readonly refused: readonly Refused[]; readonly rest: 'taken' | 'again' }
  | { readonly kind: 'split'; readonly reason: string }
  | { readonly kind: 'again'; readonly reason: string; readonly afterMs?: number }

/** How one analytics tool is told. */
export interface SinkDialect {
  /** Most assignments in one request. */
  readonly most: number
  /** One or more requests for the same batch, sent in this order. */
  requests(told: readonly Told[], place: SinkPlace): readonly OutgoingRequest[]
  verdict(answer: OutgoingAnswer): SinkVerdict
}

export type SinkKind = Extract<ConnectionKind, 'mixpanel' | 'amplitude' | 'webhook'>

/** The same for every try to tell the same: the other side drops what it has already. At most 36 characters. */
export const messageId = ({ environment, flag, variant, unit, unitId, at }: Told): string =>
  createHash('sha256').update([environment, flag, variant, unit, unitId, at].join('\n')).digest('hex').slice(0, 36)

/** People are known by their plain id; other units must not be mistaken for one. */
export const idOf = ({ unit, unitId }: Told): string => (unit === 'user' ? unitId : `${unit}:${unitId}`)

/** The name of the property that says which variant somebody has. */
export const propertyOf = ({ flag, environment }: Told): string => `dimmer_${environment}_${flag}`

export const EVENT = 'Feature flag assigned'

const RETRY_STATUS = new Set([408, 425, 429, 500, 502, 503, 504])

/** What the status alone says; undefined: the body has to say it. */
export function verdictOfStatus({ status, headers, text }: OutgoingAnswer): SinkVerdict | undefined {
  if (RETRY_STATUS.has(status) || status === 401 || status === 403 || status === 404) {
    return { kind: 'again', reason: `It answered ${status}: ${excerpt(text)}`, ...afterMs(headers['retry-after']) }
  }
  if (status === 413) return { kind: 'split', reason: 'It answered 413: the batch is too large.' }
  return undefined
}

/** Seconds; a date is rarely used for this and not worth a clock. */
const afterMs = (header: string | undefined) =>
  header !== undefined && /^\d{1,6}$/.test(header) ? { afterMs: Number(header) * 1000 } : {}

export const excerpt = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 200)

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
