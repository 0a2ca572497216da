import { createHash } from 'node:crypto'
import { type KeyAnswer, keyAnswerSchema, type SigningRules, signingRulesSchema } from '@dimmer/protocol'
import type { SdkCaller } from '../../http/caller.ts'
import { AppError } from '../../kernel/errors.ts'
import { SignedContexts } from '../../kernel/signed-contexts.ts'
import { steady } from '../../kernel/steady.ts'
import { readStreamToken } from '../../kernel/stream-token.ts'
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
  /** Its id at the server, also after it was revoked; undefined: it never was good. */
  readonly id: string | undefined
  readonly caller: SdkCaller | undefined
  readonly at: number
}

/** The id of the edge's own key. Others have the id that they have at the server. */
const OWN_ID = 'own'

const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest()

/** When a key ends, the server knows, and says so the next time it is asked. */
const caller = ({ keyId, kind }: Pick<KeyAnswer, 'keyId' | 'kind'>, rules?: SigningRules): SdkCaller => ({
  keyId,
  kind,
  environmentId: EDGE_ENVIRONMENT,
  projectId: EDGE_ENVIRONMENT,
  expiresAt: null,
  signed: rules === undefined ? null : new SignedContexts(rules),
})

const cannotAsk = (): AppError =>
  new AppError('unavailable', 'This edge cannot ask its server about this key at the moment; try again.')

/** The keys that an edge accepts: its own, and others of the same environment that the server has said are good. */
export class EdgeKeys {
  readonly #deps: EdgeKeyDeps
  /** By key. */
  readonly #known = new Map<string, Known>()
  /** What the server calls the edge's own key; undefined until it was asked. */
  #own: KeyAnswer | undefined
  #ownRefused = false
  /** As the server last gave them. */
  #rules: { readonly rules: SigningRules; readonly at: number } | undefined

  constructor(deps: EdgeKeyDeps) {
    this.#deps = deps
  }

  /** The server has refused the edge's own key. */
  refuseOwn(): void {
    this.#ownRefused = true
  }

  /** The caller behind a key; undefined if it isn't good here. Throws `unavailable` if only the server could say. */
  async verify(key: string): Promise<SdkCaller | undefined> {
    if (key === this.#deps.key) return this.#ownRefused ? undefined : this.#ownCaller()
    const known = this.#known.get(key)
    const now = this.#steady()
    if (known !== undefined && now - known.at < TRUST_MS) return known.caller
    return this.#ask(key, known)
  }

  /**
   * The same for the token that stands for a key in the address of an event stream. Only of keys that were shown here:
   * who is refused asks for values anew, and shows its key with that.
   */
  async verifyStreamToken(token: string): Promise<SdkCaller | undefined> {
    const read = readStreamToken(token, this.#deps.clock.now())
    const key = read && this.#withId(read.keyId)?.key
    return key !== undefined && read?.isSignedWith(hashOf(key)) === true ? this.verify(key) : undefined
  }

  #steady(): number {
    return steady(this.#deps.clock).now()
  }

  #withId(keyId: string): Known | undefined {
    return [...this.#known.values()].find(({ id }) => id === keyId)
  }

  /** Asks anew about those of these keys that are not the edge's own; gives the ids of those that are no longer good. */
  async revokedAmong(ids: readonly string[]): Promise<readonly string[]> {
    const revoked = await Promise.all(
      ids.map(async id => {
        const known = this.#withId(id)
        if (known === undefined) return id === OWN_ID && this.#ownRefused ? [id] : []
        return (await this.#ask(known.key, known).catch(() => known.caller)) === undefined ? [id] : []
      }),
    )
    return revoked.flat()
  }

  /**
   * How browsers' contexts are signed. Without secrets, so that no signature is good here, if the edge's own key is that
   * of a server. Throws `unavailable` if only the server could say.
   */
  async signingRules(): Promise<SigningRules> {
    const answer = await this.#deps.upstream.get('/sdk/v1/context-signing', this.#deps.key)
    const rules = answer.kind === 'ok' ? signingRulesSchema.safeParse(answer.body).data : undefined
    const now = this.#steady()
    if (rules !== undefined) this.#rules = { rules, at: now }
    if (this.#rules === undefined || now - this.#rules.at >= GRACE_MS) throw cannotAsk()
    return this.#rules.rules
  }

  async #ask(key: string, known: Known | undefined): Promise<SdkCaller | undefined> {
    const environmentId = await this.#environment()
    const answer = environmentId === undefined ? undefined : await this.#deps.upstream.get('/sdk/v1/key', key)
    if (answer === undefined || answer.kind === 'away') return this.#withoutServer(known)
    const said = answer.kind === 'ok' ? keyAnswerSchema.safeParse(answer.body).data : undefined
    const isOurs = said !== undefined && said.environmentId === environmentId
    const found = isOurs ? caller(said, said.kind === 'browser' ? await this.signingRules() : undefined) : undefined
    this.#remember({ key, id: found?.keyId ?? known?.id, caller: found, at: this.#steady() })
    return found
  }

  #withoutServer(known: Known | undefined): SdkCaller | undefined {
    if (known?.caller !== undefined && this.#steady() - known.at < GRACE_MS) return known.caller
    throw cannotAsk()
  }

  async #environment(): Promise<string | undefined> {
    if (this.#own !== undefined) return this.#own.environmentId
    const answer = await this.#deps.upstream.get('/sdk/v1/key', this.#deps.key)
    if (answer.kind === 'ok') this.#own = keyAnswerSchema.safeParse(answer.body).data
    return this.#own?.environmentId
  }

  /** It follows with it, so it may read rulesets; until the server has said more, it is taken for no more than that. */
  #ownCaller(): SdkCaller {
    if (this.#own === undefined) void this.#environment()
    return caller({ keyId: OWN_ID, kind: this.#own?.kind ?? 'server' })
  }

  #remember(known: Known): void {
    this.#known.delete(known.key)
    this.#known.set(known.key, known)
    if (this.#known.size <= MAX_KNOWN) return
    // Nonsense that somebody sends must not push out keys whose streams are open.
    const all = [...this.#known.values()]
    this.#known.delete((all.find(({ id }) => id === undefined) ?? all[0] ?? known).key)
  }
}
