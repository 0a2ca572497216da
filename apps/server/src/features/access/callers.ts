import type { Caller } from '../../http/caller.ts'
import type { Actor } from '../../kernel/actor.ts'
import { type KeyLimits, limitsAllow, type Membership, mayDo, mayDoSomewhere, roleIn } from './rights.ts'

interface Session {
  readonly actor: Actor
  readonly sessionId: string
  readonly membership: Membership
}

/** A person who is signed in. */
export const personCaller = ({ actor, sessionId, membership }: Session): Caller => ({
  actor,
  via: 'session',
  sessionId,
  knows: project => roleIn(membership, project) !== undefined,
  may: (permission, place) => mayDo(membership, permission, place),
  roleAt: (project, environment) => {
    const given = roleIn(membership, project)
    return (environment === undefined ? undefined : given?.environments[environment]) ?? given?.role ?? 'viewer'
  },
  mayAnywhere: (permission, project) => mayDoSomewhere(membership, permission, project),
})

/** A program with a personal key: at most what its person may. */
export function keyCaller(session: Session, limits: KeyLimits): Caller {
  const person = personCaller(session)
  const inProject = (project: string) => limits.project === null || limits.project === project
  return {
    ...person,
    via: 'key',
    knows: project => inProject(project) && person.knows(project),
    may: (permission, place) => limitsAllow(limits, permission, place) && person.may(permission, place),
    mayAnywhere: (permission, project) =>
      inProject(project) &&
      (limits.permissions?.includes(permission) ?? true) &&
      person.mayAnywhere(permission, project),
  }
}
