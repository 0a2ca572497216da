import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { CreateSdkKey, NewSdkKey, SdkKeyView } from '@dimmer/protocol'
import type { SdkCaller } from '../../http/caller.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { type JournalEntry, journal } from '../../kernel/journal.ts'
import { steady } from '../../kernel/steady.ts'
import { readStreamToken } from '../../kernel/stream-token.ts'
import type { Clock } from '../../ports/clock.ts'
import { DAY_MS } from './access-deps.ts'
import {
  findSdkKeyByHash,
  findSdkKeyHash,
  insertSdkKey,
  listSdkKeyRows,
  presentSdkKey,
  revokeSdkKeyRow,
  type SdkKeyRow,
  selectRevoked,
  touchSdkKeys,
} from './sdk-keys-store.ts'
import type { ContextSigning } from './signing-rules.ts'

export interface SdkKeyDeps {
  readonly db: Db
  readonly clock: Clock
  readonly signing: ContextSigning
  /** Called after a key was revoked on this node. */
  readonly onRevoked: (keyId: string) => void
}

/** The environment of a key, and who does something to it. */
export interface KeyPlace {
  readonly environment: {
    readonly id: string
    readonly key: string
    readonly projectId: string
    readonly projectKey: string
  }
  readonly actor: Actor
}

/** A known key is trusted this long without asking the database again: so long may a revocation on another node take. */
const TRUST_MS = 1_000
/** With the database away, a key that was good goes on being good for this long. */
const GRACE_MS = 24 * 3_600_000
/** So long does a key that was good wait for a database that does not answer. */
const PATIENCE_MS = 500
const MAX_CACHED = 10_000

const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest()

function forgetOldest(known: Map<string, unknown>): void {
  const oldest = known.keys().next().value
  if (known.size > MAX_CACHED && oldest !== undefined) known.delete(oldest)
}

const describe = ({ kind, name, prefix, expires_at }: SdkKeyRow) => ({
  kind,
  name,
  prefix,
  ...(expires_at === null ? {} : { expiresAt: expires_at.toISOString() }),
})

async function journalKey(
  tx: Tx,
  { environment, actor }: KeyPlace,
  row: SdkKeyRow,
  act: Pick<JournalEntry, 'verb' | 'at'>,
): Promise<void> {
  await journal(tx, {
    ...act,
    actor,
    object: { kind: 'sdk-key', key: row.id },
    project: { id: environment.projectId, key: environment.projectKey },
    environment: environment.key,
    ...(act.verb === 'create' ? { after: describe(row) } : { before: describe(row) }),
  })
}

/** The keys of SDKs: made, revoked and checked. Only their SHA-256 is stored: they are random, 192 bits long. */
export class SdkKeys {
  readonly #deps: SdkKeyDeps
  readonly #known = new Map<string, { readonly caller: SdkCaller | undefined; readonly at: number }>()
  readonly #asking = new Map<string, Promise<SdkCaller | undefined>>()
  readonly #used = new Set<string>()
  /** By id: the hashes of keys whose event streams were asked for with a token. */
  readonly #hashes = new Map<string, Buffer>()

  constructor(deps: SdkKeyDeps) {
    this.#deps = deps
  }

  /** Makes a key; its text is in the answer and nowhere else. */
  async create(place: KeyPlace, input: CreateSdkKey): Promise<NewSdkKey> {
    const at = this.#deps.clock.now()
    const { expiresInDays } = input
    const key = `dmr_${input.kind}_${randomBytes(24).toString('base64url')}`
    const row: SdkKeyRow = {
      id: newId(),
      environment_id: place.environment.id,
      kind: input.kind,
      name: input.name,
      prefix: key.slice(0, `dmr_${input.kind}_`.length + 4),
      hash: hashOf(key),
      created_at: new Date(at),
      expires_at: expiresInDays === undefined ? null : new Date(at + expiresInDays * DAY_MS),
      last_used_at: null,
      revoked_at: null,
    }
    await this.#deps.db.transaction().execute(async tx => {
      await insertSdkKey(tx, row)
      await journalKey(tx, place, row, { verb: 'create', at: row.created_at })
    })
    return { ...presentSdkKey(row), key }
  }

  async list(environmentId: string): Promise<readonly SdkKeyView[]> {
    return (await listSdkKeyRows(this.#deps.db, environmentId)).map(presentSdkKey)
  }

  async revoke(place: KeyPlace, id: string): Promise<SdkKeyView> {
    const at = new Date(this.#deps.clock.now())
    const row = await this.#deps.db.transaction().execute(async tx => {
      const revoked = await revokeSdkKeyRow(tx, { id, environmentId: place.environment.id, at })
      if (revoked === undefined) throw new AppError('key-not-found', `There is no SDK key "${id}" in this environment.`)
      await journalKey(tx, place, revoked, { verb: 'revoke', at })
      return revoked
    })
    this.forgetAll()
    this.#deps.onRevoked(id)
    return presentSdkKey(row)
  }

  /**
   * The caller behind a key; undefined if it is unknown, revoked or over. A key that was good doesn't wait for a
   * database that is away; for others this throws.
   */
  verify(key: string): Promise<SdkCaller | undefined> {
    return this.#verifyHash(hashOf(key))
  }

  /** The same for the token that stands for a key in the address of an event stream. */
  async verifyStreamToken(token: string): Promise<SdkCaller | undefined> {
    const read = readStreamToken(token, this.#deps.clock.now())
    const hash = read && (await this.#hashOfId(read.keyId))
    return hash !== undefined && read?.isSignedWith(hash) === true ? this.#verifyHash(hash) : undefined
  }

  async #hashOfId(keyId: string): Promise<Buffer | undefined> {
    const known = this.#hashes.get(keyId)
    if (known !== undefined) return known
    const hash = await findSdkKeyHash(this.#deps.db, keyId)
    if (hash !== undefined) this.#hashes.set(keyId, hash)
    forgetOldest(this.#hashes)
    return hash
  }

  async #verifyHash(hash: Buffer): Promise<SdkCaller | undefined> {
    const caller = await this.#find(hash)
    const isOver = (caller?.expiresAt ?? Number.POSITIVE_INFINITY) <= this.#deps.clock.now()
    return isOver ? undefined : caller
  }

  async #find(hash: Buffer): Promise<SdkCaller | undefined> {
    const now = steady(this.#deps.clock).now()
    const known = this.#known.get(hash.toString('hex'))
    if (known !== undefined && now - known.at < TRUST_MS) return known.caller
    const asking = this.#ask(hash)
    if (known?.caller === undefined || now - known.at >= GRACE_MS) return asking
    const good = known.caller
    return Promise.race([asking.catch(() => good), delay(PATIENCE_MS, good, { ref: false })])
  }

  /** Which of these keys are revoked or over: so that a revocation on another node is not missed with a message on the bus. */
  revokedAmong(ids: readonly string[]): Promise<readonly string[]> {
    return selectRevoked(this.#deps.db, ids, new Date(this.#deps.clock.now()))
  }

  /** Asks the database anew about every key: one was revoked, here or on another node. */
  forgetAll(): void {
    this.#known.clear()
    this.#asking.clear()
  }

  /** Writes down when keys were last used; called now and then, not on each request. */
  async saveLastUse(): Promise<void> {
    const { db, clock, signing } = this.#deps
    const ids = [...this.#used]
    this.#used.clear()
    await touchSdkKeys(db, ids, new Date(clock.now()))
    await signing.saveLastUse(new Date(clock.now()))
  }

  /** Asks the database, once for all who want to know at the moment. */
  #ask(hash: Buffer): Promise<SdkCaller | undefined> {
    const id = hash.toString('hex')
    const running = this.#asking.get(id)
    if (running !== undefined) return running
    const isLatest = () => this.#asking.get(id) === asking
    const asking = findSdkKeyByHash(this.#deps.db, hash)
      .then(row => row && this.#callerOf(row))
      .then(caller => {
        // Another was revoked meanwhile: this answer may be from before.
        if (isLatest()) this.#remember(id, caller, steady(this.#deps.clock).now())
        return caller
      })
      .finally(() => {
        if (isLatest()) this.#asking.delete(id)
      })
    this.#asking.set(id, asking)
    return asking
  }

  async #callerOf(row: SdkKeyRow & { readonly project_id: string }): Promise<SdkCaller> {
    const { id: keyId, kind, environment_id: environmentId, project_id: projectId } = row
    const expiresAt = row.expires_at?.getTime() ?? null
    const signed = kind === 'browser' ? await this.#deps.signing.signedContexts(environmentId) : null
    return { keyId, kind, environmentId, projectId, expiresAt, signed }
  }

  #remember(id: string, caller: SdkCaller | undefined, at: number): void {
    if (caller !== undefined) this.#used.add(caller.keyId)
    this.#known.delete(id)
    this.#known.set(id, { caller, at })
    forgetOldest(this.#known)
  }
}
