import type { Permission, Role, SdkKeyKind, SessionView } from '@dimmer/protocol'
import type { Actor } from '../kernel/actor.ts'
import type { SignedContexts } from '../kernel/signed-contexts.ts'
import type { Place } from './route-permission.ts'

/** A person, or a program with a personal key, and what they may do. */
export interface Caller {
  readonly actor: Actor
  /** How they got in. */
  readonly via: NonNullable<SessionView['via']>
  /** "id:version" of the session or the key: when one of them no longer holds, open streams end. */
  readonly sessionId: string
  /** True where they may do at least something: of other projects they don't learn that these exist. */
  knows(project: string): boolean
  may(permission: Permission, place: Place): boolean
  /** The role that they were given; for a key, its person's. */
  roleAt(project: string, environment?: string): Role
  /** True if they may do it in some environment of the project: worth looking which one a request is about. */
  mayAnywhere(permission: Permission, project: string): boolean
}

/** The caller of an SDK route: a key of one environment. */
export interface SdkCaller {
  readonly keyId: string
  readonly kind: SdkKeyKind
  readonly environmentId: string
  readonly projectId: string
  /** Epoch ms; null: never. */
  readonly expiresAt: number | null
  /** What of its contexts may be believed; null: all of them, its key is a secret. */
  readonly signed: SignedContexts | null
}

export const LOCAL_SESSION = 'local:0'
export const ADMIN_SESSION = 'admin:0'

/** May do everything everywhere. */
export const almighty = (actor: Actor, via: 'local' | 'break-glass', sessionId: string): Caller => ({
  actor,
  via,
  sessionId,
  knows: () => true,
  roleAt: () => 'admin',
  may: () => true,
  mayAnywhere: () => true,
})
