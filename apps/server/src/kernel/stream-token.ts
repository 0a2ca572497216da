import { createHash, createHmac } from 'node:crypto'
import { sameText } from './same-text.ts'

const PERIOD_MS = 600_000
const PREFIX = 'dmr_stream_'
const SHAPE = /^dmr_stream_([0-9a-z]{1,9})_([\w-]{43})_([\w-]{1,100})$/

/** The period that `now` (epoch ms) is in: a token is good to the end of the one after that in which it was made. */
export const streamTokenPeriod = (now: number): number => Math.floor(now / PERIOD_MS)

const signature = (keyHash: Buffer, keyId: string, period: string): string =>
  createHmac('sha256', keyHash).update(`dimmer event stream v1 ${period} ${keyId}`).digest('base64url')

/**
 * Stands for an SDK key in the address of an event stream, for 10 to 20 minutes. It is signed with the SHA-256 of the
 * key, which every node has in its database and an edge makes from the key. The same within a period, so that nobody
 * opens a stream anew without need.
 */
export function makeStreamToken(key: { readonly keyId: string; readonly text: string }, now: number): string {
  const period = streamTokenPeriod(now).toString(36)
  const hash = createHash('sha256').update(key.text).digest()
  return `${PREFIX}${period}_${signature(hash, key.keyId, period)}_${key.keyId}`
}

/** A token that is not over: the key it stands for, if its signature is good. */
export interface ReadStreamToken {
  readonly keyId: string
  isSignedWith(keyHash: Buffer): boolean
}

/** Undefined if this is no such token, or it is over, or from a time to come. */
export function readStreamToken(token: string, now: number): ReadStreamToken | undefined {
  const [, period = '', signed = '', keyId = ''] = SHAPE.exec(token) ?? []
  const age = streamTokenPeriod(now) - Number.parseInt(period, 36)
  // Clocks of nodes may differ a little.
  if (!(age >= -1 && age <= 1)) return undefined
  return { keyId, isSignedWith: keyHash => sameText(signed, signature(keyHash, keyId, period)) }
}
