import { type Context, type SignedContext, signContext } from '@dimmer/node'
import { settings } from './settings'

/** Stands in for a session: says whose account it is, and is believed. */
export const ACCOUNT_COOKIE = 'account'

/** Those who can be tried. The first stands for everybody who has not chosen. */
export const VISITORS = [
  { accountId: 'acc-00009', userId: 'u-9', plan: 'free', country: 'GB' },
  { accountId: 'acc-00001', userId: 'u-1', plan: 'enterprise', country: 'DE' },
] as const satisfies readonly Context[]
type Visitor = (typeof VISITORS)[number]

/** Who asks, as this server knows it; never as the page says it. */
export function visitorOf(account: string | undefined): Visitor {
  return VISITORS.find(({ accountId }) => accountId === account) ?? VISITORS[0]
}

const HOUR_MS = 3_600_000

/** The same for the page, with this server's word that it is true. */
export function pageContext(account: string | undefined): Context | SignedContext {
  const { signingSecret } = settings()
  const context = visitorOf(account)
  return signingSecret === undefined ? context : signContext(context, signingSecret, { expiresInMs: HOUR_MS })
}
