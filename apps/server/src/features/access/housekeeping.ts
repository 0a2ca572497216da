import { ADMIN_SESSION, LOCAL_SESSION } from '../../http/caller.ts'
import type { AccessDeps } from './access-deps.ts'
import { type AuthenticateDeps, isLocalOpen } from './authenticate.ts'
import { deleteOldLinks } from './links-store.ts'
import { IDLE_MS } from './sessions.ts'
import { deleteOldSessions, selectHolding } from './sessions-store.ts'

/** Deletes sessions and links whose time is over. */
export async function forgetOldAccess({ db, clock }: AccessDeps): Promise<void> {
  const now = clock.now()
  await deleteOldSessions(db, new Date(now), new Date(now - IDLE_MS))
  await deleteOldLinks(db, new Date(now))
}

/** Which of these sessions and keys ("id:rights version") no longer hold as they were. */
export async function endedAmong(deps: AuthenticateDeps, sessionIds: readonly string[]): Promise<readonly string[]> {
  if (sessionIds.length === 0) return []
  const ids = sessionIds.map(one => one.split(':')[0] ?? '')
  const holding = await selectHolding(deps.db, ids, new Date(deps.clock.now()))
  const local = await isLocalOpen(deps)
  const holds = (one: string) => holding.has(one) || one === ADMIN_SESSION || (one === LOCAL_SESSION && local)
  return sessionIds.filter(one => !holds(one))
}
