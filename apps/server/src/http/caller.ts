import type { Permission } from '@dimmer/protocol'
import type { Actor } from '../kernel/actor.ts'
import type { Place } from './route-permission.ts'

/** A person, or a program with a personal key, and what they may do. */
export interface Caller {
  readonly actor: Actor
  /** What open streams are closed by, when it ends: of the session or the key. */
  readonly sessionId: string
  /** True where they may do at least something: of other projects they don't learn that these exist. */
  knows(project: string): boolean
  may(permission: Permission, place: Place): boolean
  /** True if they may do it in some environment of the project: worth looking which one a request is about. */
  mayAnywhere(permission: Permission, project: string): boolean
}

/** The caller of an SDK route: a key of one environment. */
export interface SdkCaller {
  readonly keyId: string
  readonly kind: 'server' | 'browser'
  readonly environmentId: string
  readonly projectId: string
}

/** May do everything everywhere. */
export const almighty = (actor: Actor): Caller => ({
  actor,
  sessionId: actor.id,
  knows: () => true,
  may: () => true,
  mayAnywhere: () => true,
})
