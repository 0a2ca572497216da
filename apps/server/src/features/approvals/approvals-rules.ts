/** Which changes need approval, and when there are enough. Pure. */
import type { Flag, Rule, SegmentKey } from '@dimmer/engine'
import type { ApprovalPolicy, FlagConfig, Role } from '@dimmer/protocol'
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

function raisedShares(before: FlagConfig, after: FlagConfig, most: number): readonly string[] {
  const known = new Map(before.rules.map(rule => [rule.id, rule]))
  return after.rules.flatMap(rule => {
    const former = percentOf(known.get(rule.id))
    const raise = percentOf(rule) - former
    if (raise <= most) return []
    return [`It raises the share of the rule "${rule.id}" from ${former} % to ${percentOf(rule)} %.`]
  })
}

/** Why a change needs approval, in words; empty: it does not. */
export function reasonsToApprove(
  policy: ApprovalPolicy | null,
  before: FlagConfig,
  after: FlagConfig,
): readonly string[] {
  if (policy === null) return []
  const switched = policy.switch && before.on !== after.on
  // Nobody gets anything else while the flag is off; switching it on is approved, with all that is in it.
  if (policy.switch && !before.on && !after.on) return []
  return [
    ...(switched ? [`It switches the flag ${after.on ? 'on' : 'off'}.`] : []),
    ...(policy.targeting && targetingOf(before) !== targetingOf(after) ? ['It changes who gets what.'] : []),
    ...(policy.shareUpBy === null ? [] : raisedShares(before, after, policy.shareUpBy)),
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
}

/** Whether an approval counts: of the request as it is now, by another person, of a role that the policy names. */
export const counts = (review: GivenReview, request: Reviewed, { policy, environment }: PolicyThere): boolean =>
  review.verdict === 'approve' &&
  review.revision === request.revision &&
  !request.writers.includes(review.person_id) &&
  (policy === null || policy.roles.some(role => role === review.roles[environment]))

/** How many different people have approved. */
export const approvalsGiven = (reviews: readonly GivenReview[], request: Reviewed, there: PolicyThere): number =>
  new Set(reviews.filter(review => counts(review, request, there)).map(({ person_id }) => person_id)).size
