import type { SetUp } from '@dimmer/protocol'
import type { Origin } from '../../kernel/actor.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type AccessDeps, DAY_MS } from './access-deps.ts'
import { createPerson } from './create-person.ts'
import { insertLink } from './links-store.ts'
import { hashPassword } from './passwords.ts'
import { anyPerson, insertGrants, lockFirstPerson, type PersonRow } from './people-store.ts'
import { openSession } from './sessions.ts'
import { hashToken, newToken } from './tokens.ts'

const SETUP_LINK_MS = DAY_MS

/** Makes the one-time link with which the first admin gets in; undefined once there is a person. */
export async function makeSetupToken({ db, clock }: AccessDeps): Promise<string | undefined> {
  if (await anyPerson(db)) return undefined
  const token = newToken()
  const at = clock.now()
  await insertLink(db, {
    id: newId(),
    kind: 'setup',
    token_hash: hashToken(token),
    person_id: null,
    email: null,
    project_id: null,
    grants: null,
    created_by: null,
    created_at: new Date(at),
    expires_at: new Date(at + SETUP_LINK_MS),
  })
  return token
}

/** Makes the first person, admin of all projects. Refused once there is one. */
export async function createFirstPerson(
  deps: AccessDeps,
  tx: Tx,
  input: Omit<SetUp, 'password'> & { readonly passwordHash: string | null; readonly ssoSubject?: string },
): Promise<PersonRow> {
  await lockFirstPerson(tx)
  if (await anyPerson(tx)) {
    throw new AppError('link-expired', 'Somebody has an account already. Ask for an invitation.')
  }
  const person = await createPerson(deps, tx, input)
  await insertGrants(tx, [{ personId: person.id, projectId: null, environmentId: null, role: 'admin' }])
  return person
}

/** The first person out of the local session; gives the token of their session. */
export async function setUp(deps: AccessDeps, input: SetUp, origin: Origin): Promise<string> {
  const { password, ...person } = input
  const passwordHash = await hashPassword(password)
  return deps.db.transaction().execute(async tx => {
    const first = await createFirstPerson(deps, tx, { ...person, passwordHash })
    return openSession(deps, tx, first, { origin, before: undefined, by: 'link' })
  })
}

/** Whether anybody has an account. Once somebody does, that is remembered. */
export class Freshness {
  readonly #db: Db
  #settled = false

  constructor(db: Db) {
    this.#db = db
  }

  async isFresh(): Promise<boolean> {
    if (!this.#settled) this.#settled = await anyPerson(this.#db)
    return !this.#settled
  }
}
