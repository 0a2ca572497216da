/** Which changes need approval, and when there are enough. Pure. */
import type { Flag, Rule, RuleId, SegmentKey } from '@dimmer/engine'
import type { ApprovalPolicy, FlagConfig, Role } from '@dimmer/protocol'
import { WITHOUT_ACCOUNT } from '../../kernel/actor.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'

/** What production gets by itself once there is somebody else to approve. */
const DEFAULT_POLICY: ApprovalPolicy = {
  switch: true,
  targeting: true,
  shareUpBy: 10,
  approvals: 1,
  roles: ['product', 'engineer', 'admin'],
}

/**
 * The policy where nobody has set one: of `production`, and only with two people who may approve. Whoever is alone
 * could not get anything approved.
 */
export const defaultPolicy = (environmentKey: string, approvers: number): ApprovalPolicy | null =>
  environmentKey === 'production' && approvers >= 2 ? DEFAULT_POLICY : null

const percentOf = (rule: Rule | undefined): number => (rule === undefined ? 0 : (rule.share?.percent ?? 100))

/** A config without what `switch` and `shareUpBy` are about: what is left is targeting. */
const targetingOf = (config: FlagConfig): string =>
  canonicalJson({
    ...config,
    on: null,
    rules: config.rules.map(rule => ({
      ...rule,
      ...(rule.share === undefined ? {} : { share: { ...rule.share, percent: null } }),
    })),
  })

type Rules = Pick<FlagConfig, 'rules'>

const shareIn = ({ rules }: Rules, id: RuleId): number => percentOf(rules.find(rule => rule.id === id))

/** How long raises that nobody approved add up. */
export const RAISES_ADD_UP_MS = 86_400_000

/** A change of a flag, and how it was before. */
export interface Compared {
  readonly before: FlagConfig
  readonly after: FlagConfig
  /** As it was within the last day, no further back than to the last change that others approved. */
  readonly lately?: readonly Rules[]
}

function raisedShares({ before, after, lately = [] }: Compared, most: number): readonly string[] {
  return after.rules.flatMap(({ id }) => {
    const [now, then] = [shareIn(before, id), shareIn(after, id)]
    const least = Math.min(now, ...lately.map(former => shareIn(former, id)))
    if (then <= now || then - least <= most) return []
    const since = least < now ? `; it was at ${least} % within the last day` : ''
    return [`It raises the share of the rule "${id}" from ${now} % to ${then} %${since}.`]
  })
}

/** True if whether it needs approval depends on what was `lately`. */
export const raisesAnything = ({ before, after }: Compared): boolean =>
  after.rules.some(({ id }) => shareIn(after, id) > shareIn(before, id))

/** Why a change needs approval, in words; empty: it does not. */
export function reasonsToApprove(policy: ApprovalPolicy | null, compared: Compared): readonly string[] {
  const { before, after } = compared
  if (policy === null) return []
  const switched = policy.switch && before.on !== after.on
  // Nobody gets anything else while the flag is off; switching it on is approved, with all that is in it.
  if (policy.switch && !before.on && !after.on) return []
  return [
    ...(switched ? [`It switches the flag ${after.on ? 'on' : 'off'}.`] : []),
    ...(policy.targeting && targetingOf(before) !== targetingOf(after) ? ['It changes who gets what.'] : []),
    ...(policy.shareUpBy === null ? [] : raisedShares(compared, policy.shareUpBy)),
  ]
}

/** Why a change of who is in a segment needs approval in an environment, in words; empty: it does not. */
export function reasonsForSegment(
  policy: ApprovalPolicy | null,
  segment: SegmentKey,
  users: readonly Pick<Flag, 'key' | 'on'>[],
): readonly string[] {
  if (policy?.targeting !== true) return []
  // As with their own rules: what a flag would serve is approved when it is switched on.
  const serving = users.filter(({ on }) => on || !policy.switch)
  if (serving.length === 0) return []
  const names = serving.map(({ key }) => `"${key}"`)
  return [
    `It changes who is in "${segment}", by which ${names.join(', ')} ${names.length === 1 ? 'decides' : 'decide'}.`,
  ]
}

interface GivenReview {
  readonly revision: number
  readonly person_id: string
  /** By environment. */
  readonly roles: Readonly<Record<string, Role>>
  readonly verdict: string
}

interface Reviewed {
  readonly revision: number
  readonly writers: readonly string[]
}

/** The policy of an environment, by its key. */
export interface PolicyThere {
  readonly environment: string
  readonly policy: ApprovalPolicy | null
  /** Ids of the people who may approve there now; absent: whether they still may does not matter. */
  readonly approvers?: readonly string[]
}

/** Nobody's approval outlives their account, or their right to approve. */
export const mayStill = (personId: string, { approvers }: Pick<PolicyThere, 'approvers'>): boolean =>
  approvers === undefined ||
  approvers.includes(personId) ||
  Object.values(WITHOUT_ACCOUNT).some(without => without === personId)

/** Whether an approval counts: of the request as it is now, by another person, of a role that the policy names. */
export const counts = (review: GivenReview, request: Reviewed, there: PolicyThere): boolean =>
  review.verdict === 'approve' &&
  review.revision === request.revision &&
  !request.writers.includes(review.person_id) &&
  mayStill(review.person_id, there) &&
  (there.policy === null || there.policy.roles.some(role => role === review.roles[there.environment]))

/** How many different people have approved. */
export const approvalsGiven = (reviews: readonly GivenReview[], request: Reviewed, there: PolicyThere): number =>
  new Set(reviews.filter(review => counts(review, request, there)).map(({ person_id }) => person_id)).size
