import type { SigningRules } from '@dimmer/protocol'
import type { Db } from '../../kernel/database.ts'
import type { Sealer } from '../../kernel/seal.ts'
import { SignedContexts } from '../../kernel/signed-contexts.ts'
import {
  type SigningSecretRow,
  selectSignedAttributes,
  selectSigningSecrets,
  selectUnitsOfEnvironment,
  touchSigningSecrets,
} from './signing-store.ts'

export interface ContextSigningDeps {
  readonly db: Db
  /** Opens the secrets; undefined: there are none that this server could open. */
  readonly sealer: Sealer | undefined
}

/** How contexts of browsers are signed, by environment, and which secrets are in use. */
export class ContextSigning {
  readonly #deps: ContextSigningDeps
  readonly #used = new Set<string>()

  constructor(deps: ContextSigningDeps) {
    this.#deps = deps
  }

  async rules(environmentId: string): Promise<SigningRules> {
    const { db } = this.#deps
    const secrets = await selectSigningSecrets(db, environmentId)
    return {
      required: [...(await selectSignedAttributes(db, environmentId))],
      units: { ...(await selectUnitsOfEnvironment(db, environmentId)) },
      secrets: secrets.filter(({ revoked_at }) => revoked_at === null).flatMap(row => this.#open(row)),
    }
  }

  async signedContexts(environmentId: string): Promise<SignedContexts> {
    return new SignedContexts(await this.rules(environmentId), secretId => this.#used.add(secretId))
  }

  /** Writes down when secrets were last used. */
  async saveLastUse(now: Date): Promise<void> {
    const ids = [...this.#used]
    this.#used.clear()
    await touchSigningSecrets(this.#deps.db, ids, now)
  }

  /** Nothing if it was sealed with another DIMMER_SECRET_KEY: what it has signed is then refused. */
  #open({ id, secret }: SigningSecretRow): SigningRules['secrets'] {
    try {
      return this.#deps.sealer === undefined ? [] : [{ id, secret: this.#deps.sealer.open(secret, id) }]
    } catch {
      return []
    }
  }
}
