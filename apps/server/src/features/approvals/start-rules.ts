/** The start of a rollout, which approves all its stages: how many approvals it takes, and whose. Pure. */
import type { ApprovalPolicy, Role } from '@dimmer/protocol'
import { mayStill } from './approvals-rules.ts'

/** A plan, as the policy looks at it. */
export interface PlannedStart {
  /** The highest share of its stages, in percent. */
  readonly upTo: number
  /** The person who wrote it; null: from before that was kept. */
  readonly authorId: string | null
}

/** An approval, or the act of somebody who starts it. */
export interface GivenStart {
  readonly person_id: string
  /** In the rollout's environment. */
  readonly role: Role
  /** Digest of the flag and of what it depends on, as they saw it. */
  readonly basis: string
}

/** The policy of the environment, and the flag as it is now. */
export interface StartThere {
  readonly policy: ApprovalPolicy | null
  readonly approvers: readonly string[]
  readonly basis: string
}

/** How many people must approve it; 0: none. */
export function startNeeds({ policy }: Pick<StartThere, 'policy'>, { upTo }: PlannedStart): number {
  if (policy === null) return 0
  const isLarge = policy.shareUpBy !== null && upTo > policy.shareUpBy
  return policy.targeting || isLarge ? policy.approvals : 0
}

/** By another person than the author, of a role that the policy names, and of the flag as it is now. */
export const countsForStart = (given: GivenStart, planned: PlannedStart, there: StartThere): boolean =>
  given.person_id !== planned.authorId &&
  given.basis === there.basis &&
  mayStill(given.person_id, there) &&
  (there.policy === null || there.policy.roles.includes(given.role))

/** How many different people have approved it. */
export const startsGiven = (given: readonly GivenStart[], planned: PlannedStart, there: StartThere): number =>
  new Set(given.filter(one => countsForStart(one, planned, there)).map(({ person_id }) => person_id)).size

/** Somebody at the button, and the approvals so far. */
export interface Starter {
  readonly id: string
  readonly role: Role
  readonly approvals: readonly GivenStart[]
}

const approvalsBy = (needed: number, roles: readonly Role[]): string =>
  `${needed === 1 ? 'one approval' : `${needed} approvals`} by ${roles.join(', ')}`

/** Why somebody may not start it, in words; undefined: they may. Their act counts as an approval where theirs would. */
export function whyNotStarter(planned: PlannedStart, there: StartThere, starter: Starter): string | undefined {
  const needed = startNeeds(there, planned)
  const own = { person_id: starter.id, role: starter.role, basis: there.basis }
  const given = startsGiven([...starter.approvals, own], planned, there)
  if (there.policy === null || given >= needed) return undefined
  const { roles } = there.policy
  const asked = `Starting a rollout approves all its stages, which takes ${approvalsBy(needed, roles)}, not the author's.`
  const has = needed === 1 ? '' : ` With you there ${given === 1 ? 'is' : 'are'} ${given}.`
  if (starter.id === planned.authorId) return `${asked}${has} You wrote the plan.`
  if (!roles.includes(starter.role)) return `${asked}${has} Your role is ${starter.role}.`
  return `${asked}${has}`
}

/** Why an approval would be of no use, in words, and its error code. */
export interface Unapprovable {
  readonly code: 'own-change' | 'already-reviewed' | 'not-allowed-now'
  readonly message: string
}

/** Why somebody can't approve it; undefined: they can. */
export function whyNotApprover(planned: PlannedStart, there: StartThere, starter: Starter): Unapprovable | undefined {
  if (there.policy === null || startNeeds(there, planned) === 0) {
    return { code: 'not-allowed-now', message: 'Starting it needs no approval here.' }
  }
  if (starter.id === planned.authorId) {
    return { code: 'own-change', message: 'You wrote the plan; somebody else must approve it.' }
  }
  const { roles } = there.policy
  if (!roles.includes(starter.role)) {
    const message = `Only approvals by ${roles.join(', ')} count here, and your role is ${starter.role}.`
    return { code: 'not-allowed-now', message }
  }
  const has = starter.approvals.some(one => one.person_id === starter.id && one.basis === there.basis)
  return has ? { code: 'already-reviewed', message: 'You have approved it.' } : undefined
}
