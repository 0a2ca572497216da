import { createHash } from 'node:crypto'
import { keyAnswerSchema } from '@dimmer/protocol'
import type { SdkCaller } from '../../http/caller.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Upstream } from './upstream.ts'

/** A known key is trusted this long without asking again. */
const TRUST_MS = 1_000
/** With the server away, a key that was good goes on being good for this long. */
const GRACE_MS = 24 * 3_600_000
const MAX_KNOWN = 1_000

/** The one environment that an edge serves, as its own routes know it. */
export const EDGE_ENVIRONMENT = 'edge'

export interface EdgeKeyDeps {
  readonly upstream: Upstream
  readonly clock: Clock
  /** The edge's own. */
  readonly key: string
}

interface Known {
  readonly key: string
  readonly caller: SdkCaller | undefined
  readonly at: number
}

const idOf = (key: string): string => createHash('sha256').update(key).digest('base64url')

/** The keys that an edge accepts: its own, and others of the same environment that the server has said are good. */
export class EdgeKeys {
  readonly #deps: EdgeKeyDeps
  readonly #known = new Map<string, Known>()
  /** By the server's name; undefined until it was asked. */
  #environmentId: string | undefined
  #ownRefused = false

  constructor(deps: EdgeKeyDeps) {
    this.#deps = deps
  }

  get ownId(): string {
    return idOf(this.#deps.key)
  }

  /** The server has refused the edge's own key. */
  refuseOwn(): void {
    this.#ownRefused = true
  }

  /** The caller behind a key; undefined if it isn't good here. Throws `unavailable` if only the server could say. */
  async verify(key: string): Promise<SdkCaller | undefined> {
    if (key === this.#deps.key) return this.#ownRefused ? undefined : this.#caller(key, 'server')
    const known = this.#known.get(idOf(key))
    const now = this.#deps.clock.now()
    if (known !== undefined && now - known.at < TRUST_MS) return known.caller
    return this.#ask(key, known)
  }

  /** Asks anew about those of these keys that are not the edge's own; gives the ids of those that are no longer good. */
  async revokedAmong(ids: readonly string[]): Promise<readonly string[]> {
    const revoked = await Promise.all(
      ids.map(async id => {
        const known = this.#known.get(id)
        if (known === undefined) return id === this.ownId && this.#ownRefused ? [id] : []
        return (await this.#ask(known.key, known).catch(() => known.caller)) === undefined ? [id] : []
      }),
    )
    return revoked.flat()
  }

  async #ask(key: string, known: Known | undefined): Promise<SdkCaller | undefined> {
    const environmentId = await this.#environment()
    const answer = environmentId === undefined ? undefined : await this.#deps.upstream.get('/sdk/v1/key', key)
    if (answer === undefined || answer.kind === 'away') return this.#withoutServer(known)
    const said = answer.kind === 'ok' ? keyAnswerSchema.safeParse(answer.body).data : undefined
    const good = said !== undefined && said.environmentId === environmentId
    const caller = good ? this.#caller(key, said.kind) : undefined
    this.#remember({ key, caller, at: this.#deps.clock.now() })
    return caller
  }

  #withoutServer(known: Known | undefined): SdkCaller | undefined {
    if (known?.caller !== undefined && this.#deps.clock.now() - known.at < GRACE_MS) return known.caller
    throw new AppError('unavailable', 'This edge cannot ask its server about this key at the moment; try again.')
  }

  async #environment(): Promise<string | undefined> {
    if (this.#environmentId !== undefined) return this.#environmentId
    const answer = await this.#deps.upstream.get('/sdk/v1/key', this.#deps.key)
    if (answer.kind === 'ok') this.#environmentId = keyAnswerSchema.safeParse(answer.body).data?.environmentId
    return this.#environmentId
  }

  #caller(key: string, kind: SdkCaller['kind']): SdkCaller {
    // When a key ends, upstream knows, and says so the next time it is asked.
    return { keyId: idOf(key), kind, environmentId: EDGE_ENVIRONMENT, projectId: EDGE_ENVIRONMENT, expiresAt: null }
  }

  #remember(known: Known): void {
    const id = idOf(known.key)
    this.#known.delete(id)
    this.#known.set(id, known)
    const oldest = this.#known.keys().next().value
    if (this.#known.size > MAX_KNOWN && oldest !== undefined) this.#known.delete(oldest)
  }
}
