import type { Role } from '@dimmer/protocol'

/** Sign-in at an identity provider by OpenID Connect. */
export interface SsoConfig {
  /** Issuer, where the discovery document is. */
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string
  /** What the button says. */
  readonly name: string
  /** Name of the claim that lists the groups. */
  readonly groupsClaim: string
  /** Group -> role, in one project or in all ("*"). */
  readonly groups: readonly GroupRole[]
  /** How long a session lasts; then the provider is asked anew, for the groups too. */
  readonly sessionMs: number
}

export interface GroupRole {
  readonly group: string
  /** Key of the project; "*": all. */
  readonly project: string
  readonly role: Role
  /** Where the role differs, by environment key. */
  readonly environments: Readonly<Record<string, Role>>
}

/** How people get in. */
export interface AccessConfig {
  /** Opens everything when sent as a bearer token. */
  readonly adminToken: string | undefined
  /** `auto`: whoever sits at this machine is let in until there is an account. */
  readonly localSession: 'auto' | 'on' | 'off'
  /** Where people reach the dashboard; absent: where the server listens. */
  readonly publicUrl: URL | undefined
  readonly passwords: boolean
  readonly sso: SsoConfig | undefined
}
