import type {
  ChangePassword,
  CreatePersonalKey,
  LinkView,
  NewPersonalKey,
  PersonalKeyView,
  SessionPlace,
  SessionView,
  SetUp,
  SignIn,
  TakeLink,
} from '../access-messages.ts'
import { enc, type Send } from '../admin-sender.ts'

export const sessionCalls = (send: Send) => ({
  /** Who is asking, what they may do, and how one can sign in. Never refused. */
  session: () => send<SessionView>('GET', '/session'),
  signIn: (input: SignIn) => send<void>('POST', '/session', input),
  signOut: () => send<void>('DELETE', '/session'),
  /** Makes the first account, out of the local session or with the admin token. */
  setUp: (input: SetUp) => send<void>('POST', '/setup', input),
  lookAtLink: (token: string) => send<LinkView>('POST', '/links/look', { token }),
  /** Uses a link up: makes the account that it is for, or sets the password, and signs in. */
  takeLink: (input: TakeLink) => send<void>('POST', '/links/use', input),
  changePassword: (input: ChangePassword) => send<void>('PUT', '/me/password', input),
  listSessions: () => send<readonly SessionPlace[]>('GET', '/me/sessions'),
  endSession: (id: string) => send<void>('DELETE', `/me/sessions/${enc(id)}`),
  signOutEverywhere: () => send<void>('DELETE', '/me/sessions'),
  listPersonalKeys: () => send<readonly PersonalKeyView[]>('GET', '/me/keys'),
  createPersonalKey: (key: CreatePersonalKey) => send<NewPersonalKey>('POST', '/me/keys', key),
  revokePersonalKey: (id: string) => send<PersonalKeyView>('DELETE', `/me/keys/${enc(id)}`),
})
