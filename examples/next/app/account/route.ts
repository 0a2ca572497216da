import { ACCOUNT_COOKIE, visitorOf } from '../../lib/visitor'

/** Chooses whose page it is: what signing in is elsewhere. */
export async function POST(request: Request): Promise<Response> {
  const account = (await request.formData()).get('account')
  const { accountId } = visitorOf(String(account))
  const cookie = `${ACCOUNT_COOKIE}=${accountId}; Path=/; HttpOnly; SameSite=Lax`
  return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie } })
}
