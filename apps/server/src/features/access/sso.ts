import { SSO_REFUSALS, type SsoRefusal } from '@dimmer/protocol'
import * as oidc from 'openid-client'
import type { SsoConfig } from '../../http/access-config.ts'
import { AppError } from '../../kernel/errors.ts'

/** What the browser keeps between leaving for the identity provider and coming back. */
export interface SsoAttempt {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Who the identity provider says it is. */
export interface SsoPerson {
  /** "issuer subject": the same person for ever. */
  readonly subject: string
  readonly email: string
  readonly name: string
  readonly groups: readonly string[]
}

/** Why somebody was not let in; the sign-in page knows the words. */
export class SsoRefused extends AppError {
  readonly reason: SsoRefusal

  constructor(reason: SsoRefusal, options: { readonly cause?: unknown } = {}) {
    super('sso-failed', SSO_REFUSALS[reason], options)
    this.reason = reason
  }
}

/** What the provider's own answer means to the person who waits. */
function reasonOf(error: unknown): SsoRefusal {
  if (error instanceof oidc.AuthorizationResponseError) {
    return error.error === 'access_denied' ? 'cancelled' : 'unconfirmed'
  }
  if (error instanceof oidc.ResponseBodyError) {
    return ['invalid_client', 'unauthorized_client'].includes(error.error) ? 'not-accepted' : 'unconfirmed'
  }
  return 'unconfirmed'
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined

/** Signs people in at an OpenID Connect provider: authorization code with PKCE, state and nonce. */
export class Sso {
  readonly #config: SsoConfig
  readonly #callback: URL
  #client: Promise<oidc.Configuration> | undefined

  constructor(config: SsoConfig, callback: URL) {
    this.#config = config
    this.#callback = callback
  }

  /** Where to send the browser. */
  async begin(): Promise<{ readonly url: URL; readonly attempt: SsoAttempt }> {
    const client = await this.#discover()
    const attempt = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
    }
    const url = oidc.buildAuthorizationUrl(client, {
      redirect_uri: this.#callback.href,
      scope: 'openid email profile',
      code_challenge: await oidc.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
      state: attempt.state,
      nonce: attempt.nonce,
    })
    return { url, attempt }
  }

  /** Who came back. `query` is that of the callback; refuses with `sso-failed`. */
  async finish(query: string, attempt: SsoAttempt): Promise<SsoPerson> {
    const client = await this.#discover()
    const url = new URL(this.#callback)
    url.search = query
    try {
      const tokens = await oidc.authorizationCodeGrant(client, url, {
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.verifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined) throw new Error('there is no ID token')
      const info = await oidc.fetchUserInfo(client, tokens.access_token, claims.sub)
      return this.#personOf({ ...info, ...claims })
    } catch (cause) {
      if (cause instanceof AppError) throw cause
      throw new SsoRefused(reasonOf(cause), { cause })
    }
  }

  #personOf(claims: Readonly<Record<string, unknown>>): SsoPerson {
    const email = textOf(claims.email)?.toLowerCase()
    if (email === undefined || claims.email_verified === false) {
      throw new SsoRefused('no-email')
    }
    const listed: unknown = claims[this.#config.groupsClaim]
    const groups = (Array.isArray(listed) ? listed : [listed]).filter(one => typeof one === 'string')
    return {
      subject: `${this.#config.issuer.href} ${String(claims.sub)}`,
      email,
      name: textOf(claims.name) ?? email,
      groups,
    }
  }

  #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.#config
    this.#client ??= oidc
      .discovery(issuer, clientId, clientSecret, undefined, {
        execute: issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [],
      })
      .catch((cause: unknown) => {
        this.#client = undefined
        throw new SsoRefused('unreachable', { cause })
      })
    return this.#client
  }
}
