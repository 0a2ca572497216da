import type { NextRequest } from 'next/server'
import { flags } from '../../lib/flags'
import { ACCOUNT_COOKIE, visitorOf } from '../../lib/visitor'

/** A route handler: decides, does its work, and reports how it went, which a rollout is judged by. */
export async function POST(request: NextRequest): Promise<Response> {
  const client = await flags()
  const mine = client.forRequest(visitorOf(request.cookies.get(ACCOUNT_COOKIE)?.value))
  const started = performance.now()
  const engine = mine.isEnabled('new-pdf-engine') ? 'new' : 'classic'
  mine.track('pdf.generated', { ok: true, ms: performance.now() - started })
  return new Response(`Here the ${engine} engine would make a PDF.`, { headers: { 'x-pdf-engine': engine } })
}
