import type { NextRequest } from 'next/server'
import { ACCOUNT_COOKIE, pageContext } from '../../lib/visitor'

/** Who is asking, signed anew. */
export function GET(request: NextRequest): Response {
  const context = pageContext(request.cookies.get(ACCOUNT_COOKIE)?.value)
  return Response.json(context, { headers: { 'cache-control': 'no-store' } })
}
