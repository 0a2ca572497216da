import { type AdminClient, createAdminClient, REQUEST_HEADER, type Role } from '@dimmer/protocol'
import { SAMPLE, type TestServer } from './test-server.ts'

export const PASSWORD = 'correct horse battery'

/** A browser at the door: keeps the cookie that it is given, and sends it along. */
export interface Visitor {
  readonly client: AdminClient
  /** The header "cookie" as it is now; empty before signing in. */
  cookie(): string
  /** Sends a request as our own page would, and gives the raw answer. */
  fetch(path: string, init?: RequestInit): Promise<Response>
}

export function visit(url: string): Visitor {
  let cookie = ''
  const withCookie: typeof fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers)
    if (cookie !== '') headers.set('cookie', cookie)
    const response = await fetch(input, { ...init, headers })
    for (const set of response.headers.getSetCookie()) cookie = set.split(';')[0] ?? ''
    return response
  }
  return {
    client: createAdminClient({ url, fetch: withCookie }),
    cookie: () => cookie,
    fetch: (path, init = {}) =>
      withCookie(`${url}${path}`, { ...init, headers: { [REQUEST_HEADER]: '1', ...init.headers } }),
  }
}

/** Makes the first account and signs it in: an admin of all projects. */
export async function setUpAdmin(server: TestServer, email = 'ada@example.com'): Promise<Visitor> {
  const visitor = visit(server.url)
  await visitor.client.setUp({ email, name: 'Ada', password: PASSWORD })
  return visitor
}

export interface NewMember {
  readonly email: string
  readonly role: Role
  readonly environments?: Record<string, Role>
  readonly project?: string
}

/** Has somebody invited to the sample project, take the invitation, and sign in. */
export async function joinAs(server: TestServer, admin: Visitor, member: NewMember): Promise<Visitor> {
  const { email, project = SAMPLE.project, ...role } = member
  const { token } = await admin.client.invite(project, { email, ...role })
  const visitor = visit(server.url)
  await visitor.client.takeLink({ token: token ?? '', name: email.split('@')[0] ?? email, password: PASSWORD })
  return visitor
}
