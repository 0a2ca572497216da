import type { SessionPlace } from '@dimmer/protocol'
import type { Actor, Origin } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { journal } from '../../kernel/journal.ts'
import { type AccessDeps, DAY_MS, MINUTE_MS } from './access-deps.ts'
import { type PersonRow, raiseRightsVersion } from './people-store.ts'
import {
  deleteSession,
  deleteSessionByHash,
  deleteSessions,
  type FoundSession,
  insertSession,
  selectSessionByHash,
  selectSessions,
  touchSession,
} from './sessions-store.ts'
import { hashToken, newToken } from './tokens.ts'

/** A session that is not used for so long has ended. */
export const IDLE_MS = 7 * DAY_MS
/** And this long after sign-in in any case. */
export const LONGEST_MS = 30 * DAY_MS
/** When a session was last used is written down this often. */
const TOUCH_EVERY_MS = MINUTE_MS

export const personActor = (person: Pick<PersonRow, 'id' | 'name' | 'email'>, origin: Origin): Actor => ({
  kind: 'person',
  id: person.id,
  name: person.name,
  email: person.email,
  origin,
})

/** What an open session is about to begin with. */
export interface SessionStart {
  readonly origin: Origin
  /** The cookie that the browser sent along: that session ends, so that nobody can have planted it. */
  readonly before: string | undefined
  /** How they got in, for the journal. */
  readonly by: 'password' | 'sso' | 'link'
  /** After how long it ends in any case; absent: 30 days. */
  readonly longestMs?: number
}

/** Opens a session, under a token that is new; gives the token. */
export async function openSession(deps: AccessDeps, tx: Tx, person: PersonRow, start: SessionStart): Promise<string> {
  const at = new Date(deps.clock.now())
  const token = newToken()
  if (start.before !== undefined) await deleteSessionByHash(tx, hashToken(start.before))
  await insertSession(tx, {
    id: newId(),
    person_id: person.id,
    token_hash: hashToken(token),
    ip: start.origin.ip,
    user_agent: start.origin.userAgent ?? null,
    created_at: at,
    last_used_at: at,
    expires_at: new Date(at.getTime() + (start.longestMs ?? LONGEST_MS)),
  })
  await journal(tx, {
    actor: personActor(person, start.origin),
    at,
    verb: 'sign-in',
    object: { kind: 'person', key: person.email },
    after: { by: start.by },
  })
  return token
}

/** The session behind a cookie, if it still holds; notes that it was used. */
export async function findSession({ db, clock }: AccessDeps, token: string): Promise<FoundSession | undefined> {
  const found = await selectSessionByHash(db, hashToken(token))
  if (found === undefined) return undefined
  const now = clock.now()
  if (now >= found.expires_at.getTime() || now - found.last_used_at.getTime() >= IDLE_MS) return undefined
  if (now - found.last_used_at.getTime() >= TOUCH_EVERY_MS) {
    await touchSession(db, { id: found.session_id, personId: found.id }, new Date(now))
  }
  return found
}

const byActor = (actor: Actor) => ({ kind: 'person', key: actor.kind === 'person' ? (actor.email ?? '') : '' })

/** Ends one session of the person's own; refuses with `not-found`. */
export async function endSession(deps: AccessDeps, actor: Actor, id: string): Promise<void> {
  const at = new Date(deps.clock.now())
  await deps.db.transaction().execute(async tx => {
    if (!(await deleteSession(tx, actor.id, id))) throw new AppError('not-found', 'You have no such session.')
    await journal(tx, { actor, at, verb: 'sign-out', object: byActor(actor) })
  })
}

/** Ends all sessions of the person. */
export async function endAllSessions(deps: AccessDeps, actor: Actor): Promise<void> {
  const at = new Date(deps.clock.now())
  await deps.db.transaction().execute(async tx => {
    await deleteSessions(tx, actor.id)
    await raiseRightsVersion(tx, actor.id)
    await journal(tx, { actor, at, verb: 'sign-out', object: byActor(actor), after: { everywhere: true } })
  })
}

export async function listSessions(deps: AccessDeps, personId: string, currentId: string): Promise<SessionPlace[]> {
  const idleSince = deps.clock.now() - IDLE_MS
  return (await selectSessions(deps.db, personId))
    .filter(row => row.last_used_at.getTime() > idleSince && row.expires_at.getTime() > deps.clock.now())
    .map(row => ({
      id: row.id,
      current: row.id === currentId,
      ip: row.ip,
      userAgent: row.user_agent,
      createdAt: row.created_at.toISOString(),
      lastUsedAt: row.last_used_at.toISOString(),
    }))
}
