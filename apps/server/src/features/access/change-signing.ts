import { randomBytes } from 'node:crypto'
import {
  type ContextSigningView,
  type CreateSigningSecret,
  MAX_SIGNING_SECRETS,
  type NewSigningSecret,
  type PutContextSigning,
  type SigningSecretView,
} from '@dimmer/protocol'
import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type JournalEntry, journal } from '../../kernel/journal.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Clock } from '../../ports/clock.ts'
import type { KeyPlace } from './sdk-keys.ts'
import {
  holdSigning,
  insertSigningSecret,
  presentSigningSecret,
  revokeSigningSecretRow,
  type SigningSecretRow,
  saveSignedAttributes,
  selectSignedAttributes,
  selectSigningSecrets,
} from './signing-store.ts'

export interface SigningDeps {
  readonly db: Db
  readonly clock: Clock
  /** Undefined: no DIMMER_SECRET_KEY, so there can be no secrets. */
  readonly sealer: Sealer | undefined
  /** Called after a change on this node. */
  readonly onSigningChanged: () => void
}

const PREFIX = 'dmr_sign_'

type Entry = Pick<JournalEntry, 'verb' | 'object' | 'at' | 'before' | 'after'>

const journalIn = (tx: Tx, { environment, actor }: KeyPlace, entry: Entry): Promise<void> =>
  journal(tx, {
    ...entry,
    actor,
    project: { id: environment.projectId, key: environment.projectKey },
    environment: environment.key,
  })

const describe = ({ name, prefix }: SigningSecretRow) => ({ name, prefix })
const isValid = ({ revoked_at }: SigningSecretRow): boolean => revoked_at === null

/** What browsers have to have signed, and with which secrets. */
export async function viewSigning(db: Db | Tx, environmentId: string): Promise<ContextSigningView> {
  const secrets = await selectSigningSecrets(db, environmentId)
  return { attributes: await selectSignedAttributes(db, environmentId), secrets: secrets.map(presentSigningSecret) }
}

/** Says what browsers may only send signed. Refused while there is nothing to sign with: nobody could send it at all. */
export async function putSigning(
  deps: SigningDeps,
  place: KeyPlace,
  { attributes: wanted }: PutContextSigning,
): Promise<ContextSigningView> {
  const { id } = place.environment
  const attributes = [...new Set(wanted)].sort()
  const view = await deps.db.transaction().execute(async tx => {
    await holdSigning(tx, id)
    const before = await selectSignedAttributes(tx, id)
    if (attributes.length > 0 && !(await selectSigningSecrets(tx, id)).some(isValid)) {
      throw new AppError('signing-secrets', 'There is no secret to sign with yet; make one first.')
    }
    await saveSignedAttributes(tx, id, attributes)
    await journalIn(tx, place, {
      verb: 'change',
      object: { kind: 'signed-attributes', key: place.environment.key },
      at: new Date(deps.clock.now()),
      before: { attributes: before },
      after: { attributes },
    })
    return viewSigning(tx, id)
  })
  deps.onSigningChanged()
  return view
}

/** Makes a secret; its text is in the answer and, sealed, in the database. */
export async function createSigningSecret(
  deps: SigningDeps,
  place: KeyPlace,
  { name }: CreateSigningSecret,
): Promise<NewSigningSecret> {
  if (deps.sealer === undefined) {
    throw new AppError(
      'not-configured',
      'This server cannot keep signing secrets: set DIMMER_SECRET_KEY to a long random text, the same on all nodes.',
    )
  }
  const [id, at] = [newId(), new Date(deps.clock.now())]
  const secret = `${PREFIX}${randomBytes(32).toString('base64url')}`
  const row: SigningSecretRow = {
    id,
    environment_id: place.environment.id,
    name,
    prefix: secret.slice(0, PREFIX.length + 4),
    secret: deps.sealer.seal(secret, id),
    created_at: at,
    last_used_at: null,
    revoked_at: null,
  }
  await deps.db.transaction().execute(async tx => {
    await holdSigning(tx, place.environment.id)
    const valid = (await selectSigningSecrets(tx, place.environment.id)).filter(isValid)
    if (valid.length >= MAX_SIGNING_SECRETS) {
      throw new AppError(
        'signing-secrets',
        `Two secrets are valid already (${valid.map(one => `"${one.name}"`).join(', ')}); revoke one first.`,
      )
    }
    await insertSigningSecret(tx, row)
    await journalIn(tx, place, {
      verb: 'create',
      object: { kind: 'signing-secret', key: id },
      at,
      after: describe(row),
    })
  })
  deps.onSigningChanged()
  return { ...presentSigningSecret(row), secret }
}

/** Contexts that were signed with it are no longer believed. */
export async function revokeSigningSecret(deps: SigningDeps, place: KeyPlace, id: string): Promise<SigningSecretView> {
  const at = new Date(deps.clock.now())
  const row = await deps.db.transaction().execute(async tx => {
    const revoked = await revokeSigningSecretRow(tx, { id, environmentId: place.environment.id, at })
    if (revoked === undefined) {
      throw new AppError('secret-not-found', `There is no signing secret "${id}" in this environment.`)
    }
    await journalIn(tx, place, {
      verb: 'revoke',
      object: { kind: 'signing-secret', key: id },
      at,
      before: describe(revoked),
    })
    return revoked
  })
  deps.onSigningChanged()
  return presentSigningSecret(row)
}
