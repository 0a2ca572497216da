import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export interface IdentityProvider {
  readonly issuer: URL
  stop(): Promise<void>
}

/** People who can sign in there; the e-mail address is their account id. */
export type Accounts = Readonly<Record<string, { readonly name: string; readonly groups: readonly string[] }>>

export const CLIENT = { id: 'dimmer', secret: 'a secret between the two' } as const

/** A real OpenID Connect provider, with its own sign-in pages, on a free port of this machine. */
export async function startIdentityProvider(redirectUri: string, accounts: Accounts): Promise<IdentityProvider> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const issuer = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const provider = new Provider(issuer.origin, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    pkce: { required: () => true },
    cookies: { keys: ['for tests only'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        email: id,
        email_verified: true,
        ...accounts[id],
        groups: [...(accounts[id]?.groups ?? [])],
      }),
    }),
  })
  const handle = provider.callback()
  server.on('request', (request, response) => void handle(request, response))
  return {
    issuer,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/**
 * A browser that signs in there: follows redirects and fills in the pages; gives the address that it is sent back to.
 * Without an account it cancels on the first page.
 */
export async function signInAtProvider(start: string, account: string | null, home: string): Promise<string> {
  const cookies = new Map<string, string>()
  const go = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } })
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(';')[0]?.split(/=(.*)/) ?? []
      cookies.set(name, value)
    }
    return response
  }
  let at = start
  let response = await go(at)
  for (let step = 0; step < 12; step++) {
    const next = response.headers.get('location')
    if (next !== null) {
      at = new URL(next, at).href
      if (at.startsWith(home)) return at
      response = await go(at)
      continue
    }
    const page = await response.text()
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1]
    const action = /action="([^"]+)"/.exec(page)?.[1]
    if (prompt === undefined || action === undefined) throw new Error(`no form at ${at}: ${page.slice(0, 500)}`)
    at = new URL(account === null ? `${action}/abort` : action, at).href
    if (account === null) {
      response = await go(at)
      continue
    }
    const body = new URLSearchParams(prompt === 'login' ? { prompt, login: account, password: 'any' } : { prompt })
    response = await go(at, { method: 'POST', body })
  }
  throw new Error(`the provider did not send the browser back; it is at ${at}`)
}
