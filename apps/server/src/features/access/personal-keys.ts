import type { CreatePersonalKey, NewPersonalKey, PersonalKeyView } from '@dimmer/protocol'
import type { Caller } from '../../http/caller.ts'
import type { Actor } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { journal } from '../../kernel/journal.ts'
import { type AccessDeps, DAY_MS, MINUTE_MS } from './access-deps.ts'
import type { PersonRow } from './people-store.ts'
import {
  insertPersonalKey,
  type PersonalKeyRow,
  presentPersonalKey,
  revokePersonalKey,
  selectPersonalKeyByHash,
  selectPersonalKeys,
  touchPersonalKey,
} from './personal-keys-store.ts'
import { hashToken, newToken } from './tokens.ts'

/** What personal keys begin with: so that a key that leaked can be recognised. */
export const PERSONAL_KEY_PREFIX = 'dmr_personal_'

/** Makes a key that acts for the person. Its text is in the answer and nowhere else. */
export async function createPersonalKey(
  deps: AccessDeps,
  { actor, knows }: Caller,
  input: CreatePersonalKey,
): Promise<NewPersonalKey> {
  if (input.project !== undefined && !knows(input.project)) {
    throw new AppError('project-not-found', `There is no project "${input.project}".`)
  }
  if (input.environments !== undefined && input.project === undefined) {
    throw new AppError('invalid-request', 'environments: name the project that they are in.')
  }
  const at = deps.clock.now()
  const key = newToken(PERSONAL_KEY_PREFIX)
  const { expiresInDays } = input
  const row: PersonalKeyRow = {
    id: newId(),
    person_id: actor.id,
    name: input.name,
    prefix: key.slice(0, PERSONAL_KEY_PREFIX.length + 4),
    hash: hashToken(key),
    project: input.project ?? null,
    environments: input.environments ?? null,
    permissions: input.permissions ?? null,
    created_at: new Date(at),
    expires_at: expiresInDays === undefined ? null : new Date(at + expiresInDays * DAY_MS),
    last_used_at: null,
    revoked_at: null,
  }
  const { project, environments, permissions, expires_at } = row
  await deps.db.transaction().execute(async tx => {
    await insertPersonalKey(tx, row)
    await journal(tx, {
      actor,
      at: row.created_at,
      verb: 'create',
      object: { kind: 'personal-key', key: row.prefix },
      after: { name: row.name, project, environments, permissions, expiresAt: expires_at?.toISOString() ?? null },
    })
  })
  return { ...presentPersonalKey(row), key }
}

export const listPersonalKeys = async ({ db }: AccessDeps, personId: string): Promise<PersonalKeyView[]> =>
  (await selectPersonalKeys(db, personId)).map(presentPersonalKey)

/** Ends a key of the person's own; its streams end within a second. */
export async function endPersonalKey(deps: AccessDeps, actor: Actor, id: string): Promise<PersonalKeyView> {
  const at = new Date(deps.clock.now())
  return deps.db.transaction().execute(async tx => {
    const row = await revokePersonalKey(tx, { id, personId: actor.id, at })
    if (row === undefined) throw new AppError('key-not-found', `You have no key "${id}".`)
    await journal(tx, {
      actor,
      at,
      verb: 'revoke',
      object: { kind: 'personal-key', key: row.prefix },
      before: { name: row.name },
    })
    return presentPersonalKey(row)
  })
}

/** The key behind this text, if it holds; notes that it was used. */
export async function findPersonalKey(
  { db, clock }: AccessDeps,
  text: string,
): Promise<{ readonly key: PersonalKeyRow; readonly person: PersonRow } | undefined> {
  const found = await selectPersonalKeyByHash(db, hashToken(text))
  const now = clock.now()
  if (found === undefined || (found.key.expires_at !== null && found.key.expires_at.getTime() <= now)) return undefined
  const used = found.key.last_used_at?.getTime() ?? 0
  if (now - used >= MINUTE_MS) await touchPersonalKey(db, found.key.id, new Date(now))
  return found
}
