import { cleanText } from './sendable-text.ts'

/** Options of `track`. */
export interface TrackOptions {
  /** False: it failed. Default: true. */
  readonly ok?: boolean
  /** How long it took, in ms. */
  readonly ms?: number
  /** Any amount, e.g. money. */
  readonly value?: number
  /** What the unit made with it, e.g. "invoice". */
  readonly creates?: string
}

const MAX_MS = 1e9

const isNumber = (value: unknown): value is number => Number.isFinite(value)

/**
 * The options as the server takes them. A bad one is left out, because the rest still counts; a text is cut.
 */
export function goodTrackOptions({ ok, ms, value, creates }: TrackOptions): TrackOptions {
  return {
    ...(typeof ok === 'boolean' && { ok }),
    ...(isNumber(ms) && ms >= 0 && ms <= MAX_MS && { ms }),
    ...(isNumber(value) && { value }),
    ...(creates && typeof creates === 'string' && { creates: cleanText(creates) }),
  }
}
