import { createHmac } from 'node:crypto'
import type { Context as ExactContext } from '@dimmer/engine'
import type { Context } from './types.ts'

const DAY_MS = 24 * 3_600_000
const LONGEST_MS = 30 * DAY_MS
const LONGEST_TEXT = 8_192
const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')

/** A context for a page, with the word of this server that it is true. */
export type SignedContext = ExactContext & { readonly signedContext: string }

export interface SignOptions {
  /** How long the signature holds, in ms: up to 30 days. Default: a day. */
  readonly expiresInMs?: number
  /** The time, ms since 1970. Default: now. */
  readonly now?: number
}

function assertSignable(context: Context, secret: string, expiresInMs: number): void {
  if (typeof context !== 'object' || context === null || Array.isArray(context)) {
    throw new TypeError('signContext: the context must be an object')
  }
  if (typeof secret !== 'string' || !secret.startsWith('dmr_sign_')) {
    throw new TypeError('signContext: the secret must be a signing secret of the environment, "dmr_sign_..."')
  }
  if (!(expiresInMs > 0 && expiresInMs <= LONGEST_MS)) {
    throw new TypeError('signContext: "expiresInMs" must be more than 0 and at most 30 days')
  }
}

/**
 * Vouches for a context, so that a browser can use it and no other: give the result to the page, as it is, for the
 * `context` of `@dimmer/browser` or `@dimmer/react`. The page can read all of it. To be called on a server only.
 *
 * @throws TypeError if the context is no object or too long (about 6,000 characters as JSON), if the secret is none, or
 * for an `expiresInMs` that is out of range.
 * @example
 * const context = signContext({ accountId: 'acc-1', userId: 'u-7' }, process.env.DIMMER_SIGNING_SECRET ?? '')
 */
export function signContext(context: Context, secret: string, options: SignOptions = {}): SignedContext {
  const { expiresInMs = DAY_MS, now = Date.now() } = options
  assertSignable(context, secret, expiresInMs)
  const { signedContext: _, ...attributes } = context
  const json = JSON.stringify(attributes)
  const payload = `{"context":${json},"exp":${Math.floor((now + expiresInMs) / 1_000)}}`
  const signed = `${HEADER}.${Buffer.from(payload).toString('base64url')}`
  const signedContext = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
  if (signedContext.length > LONGEST_TEXT) throw new TypeError('signContext: the context is too long')
  // As the page will get it.
  return { ...JSON.parse(json), signedContext }
}
