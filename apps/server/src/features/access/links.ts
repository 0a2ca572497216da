import type { LinkView, TakeLink } from '@dimmer/protocol'
import type { AccessConfig } from '../../http/access-config.ts'
import type { Origin } from '../../kernel/actor.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { journal } from '../../kernel/journal.ts'
import type { AccessDeps } from './access-deps.ts'
import { createPerson } from './create-person.ts'
import { type LinkRow, selectLinkByHash, takeLink } from './links-store.ts'
import { writeRole } from './members.ts'
import { hashPassword } from './passwords.ts'
import { type PersonRow, raiseRightsVersion, selectPerson, selectProjectKey, updatePerson } from './people-store.ts'
import { openSession, personActor } from './sessions.ts'
import { deleteSessions } from './sessions-store.ts'
import { createFirstPerson } from './set-up.ts'
import { hashToken } from './tokens.ts'

const expired = (): AppError =>
  new AppError('link-expired', 'This link was used, has expired, or was taken back. Ask for a new one.')

async function projectOf(db: Db | Tx, row: LinkRow): Promise<{ id: string; key: string } | undefined> {
  if (row.project_id === null) return undefined
  const key = await selectProjectKey(db, row.project_id)
  return key === undefined ? undefined : { id: row.project_id, key }
}

/** What a link is for. Takes nothing. */
export async function lookAtLink({ db, clock }: AccessDeps, token: string): Promise<LinkView> {
  const row = await selectLinkByHash(db, hashToken(token))
  if (row === undefined || row.expires_at.getTime() <= clock.now()) throw expired()
  return {
    kind: row.kind,
    email: row.email,
    project: (await projectOf(db, row))?.key ?? null,
    role: row.grants?.role ?? null,
    invitedBy: row.created_by?.name ?? null,
    expiresAt: row.expires_at.toISOString(),
  }
}

interface Taken {
  readonly row: LinkRow
  readonly input: TakeLink
  readonly passwordHash: string
  readonly origin: Origin
}

const needed = (value: string | undefined | null, field: string): string => {
  if (value !== undefined && value !== null) return value
  throw new AppError('invalid-request', `${field}: is needed for a new account.`)
}

async function join(deps: AccessDeps, tx: Tx, { row, input, passwordHash }: Taken): Promise<PersonRow> {
  const project = await projectOf(tx, row)
  if (project === undefined || row.grants === null) throw expired()
  const person = await createPerson(deps, tx, {
    email: needed(row.email, 'email'),
    name: needed(input.name, 'name'),
    passwordHash,
  })
  await writeRole(tx, person.id, project, row.grants)
  return person
}

async function choosePassword(deps: AccessDeps, tx: Tx, { row, passwordHash, origin }: Taken): Promise<PersonRow> {
  const person = row.person_id === null ? undefined : await selectPerson(tx, row.person_id)
  if (person === undefined || person.disabled_at !== null) throw expired()
  await updatePerson(tx, person.id, { password_hash: passwordHash })
  await deleteSessions(tx, person.id)
  await raiseRightsVersion(tx, person.id)
  await journal(tx, {
    actor: personActor(person, origin),
    at: new Date(deps.clock.now()),
    verb: 'change',
    object: { kind: 'password', key: person.email },
    after: { by: 'link' },
  })
  return person
}

function carryOut(deps: AccessDeps, tx: Tx, taken: Taken): Promise<PersonRow> {
  const { row, input, passwordHash } = taken
  if (row.kind === 'invitation') return join(deps, tx, taken)
  if (row.kind === 'password') return choosePassword(deps, tx, taken)
  const [email, name] = [needed(input.email, 'email'), needed(input.name, 'name')]
  return createFirstPerson(deps, tx, { email, name, passwordHash })
}

/**
 * Uses a link up: makes the account, or sets the password. Gives the token of a session. Where nobody signs in with a
 * password, only the link to set up is good.
 */
export async function useLink(
  deps: AccessDeps & { readonly settings: Pick<AccessConfig, 'passwords'> },
  input: TakeLink,
  from: { readonly origin: Origin; readonly before: string | undefined },
): Promise<string> {
  const hash = hashToken(input.token)
  const found = await selectLinkByHash(deps.db, hash)
  if (found === undefined) throw expired()
  if (!deps.settings.passwords && found.kind !== 'setup') {
    throw new AppError(
      'forbidden',
      'Nobody signs in with a password here. Use single sign-on: what you were invited to waits for you.',
    )
  }
  const passwordHash = await hashPassword(input.password)
  return deps.db.transaction().execute(async tx => {
    const row = await takeLink(tx, hash)
    if (row === undefined || row.expires_at.getTime() <= deps.clock.now()) throw expired()
    const person = await carryOut(deps, tx, { row, input, passwordHash, origin: from.origin })
    return openSession(deps, tx, person, { ...from, by: 'link' })
  })
}
