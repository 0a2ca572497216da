import type { ChangePassword } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'
import { journal } from '../../kernel/journal.ts'
import type { AccessDeps } from './access-deps.ts'
import { checkPassword, hashPassword } from './passwords.ts'
import { raiseRightsVersion, selectPerson, updatePerson } from './people-store.ts'
import { openSession, type SessionStart } from './sessions.ts'
import { deleteSessions } from './sessions-store.ts'
import type { SignInLimits } from './sign-in.ts'

/** Sets a new password. All sessions end; gives the token of a new one for the browser that asked. */
export async function changePassword(
  deps: AccessDeps & { readonly limits: SignInLimits },
  actor: Actor,
  input: ChangePassword & { readonly start: Omit<SessionStart, 'by'> },
): Promise<string> {
  const person = await selectPerson(deps.db, actor.id)
  if (person === undefined) throw new AppError('unauthenticated', 'Your account is no longer there.')
  const { ip } = input.start.origin
  deps.limits.attempt(ip, person.email)
  if (!(await checkPassword(input.current, person.password_hash))) {
    throw new AppError('sign-in-failed', 'The current password is wrong.')
  }
  deps.limits.succeeded(ip, person.email)
  const hash = await hashPassword(input.password)
  const at = new Date(deps.clock.now())
  return deps.db.transaction().execute(async tx => {
    await updatePerson(tx, person.id, { password_hash: hash })
    await deleteSessions(tx, person.id)
    await raiseRightsVersion(tx, person.id)
    await journal(tx, { actor, at, verb: 'change', object: { kind: 'password', key: person.email } })
    return openSession(deps, tx, person, { ...input.start, by: 'password' })
  })
}
