import { type NextRequest, NextResponse } from 'next/server'
import { flags } from './lib/flags'
import { ACCOUNT_COOKIE, visitorOf } from './lib/visitor'

/** Decides before anything is drawn: the address stays the same, the page is another one. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const context = visitorOf(request.cookies.get(ACCOUNT_COOKIE)?.value)
  const layout = (await flags()).value('redesigned-dashboard', context, 'classic')
  return layout === 'redesigned' ? NextResponse.rewrite(new URL('/redesigned', request.url)) : NextResponse.next()
}

export const config = { matcher: '/' }
