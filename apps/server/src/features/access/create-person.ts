import type { Actor } from '../../kernel/actor.ts'
import { isUniqueViolation, type Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { journal } from '../../kernel/journal.ts'
import type { AccessDeps } from './access-deps.ts'
import { insertPerson, type PersonRow } from './people-store.ts'

export interface NewPerson {
  readonly email: string
  readonly name: string
  readonly passwordHash: string | null
  readonly ssoSubject?: string
  /** Absent: the person. */
  readonly actor?: Actor
}

/** Makes an account, without any role. */
export async function createPerson(deps: AccessDeps, tx: Tx, person: NewPerson): Promise<PersonRow> {
  const at = new Date(deps.clock.now())
  const { email, name } = person
  const id = newId()
  try {
    const row = await insertPerson(tx, {
      id,
      email,
      name,
      password_hash: person.passwordHash,
      sso_subject: person.ssoSubject ?? null,
      created_at: at,
    })
    const actor = person.actor ?? { kind: 'person', id, name, email }
    await journal(tx, { actor, at, verb: 'create', object: { kind: 'person', key: email }, after: { name } })
    return row
  } catch (error) {
    if (!isUniqueViolation(error, 'people_email_key')) throw error
    throw new AppError('already-exists', `There is an account for ${email} already. Sign in with it.`, { cause: error })
  }
}
