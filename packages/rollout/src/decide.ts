import type { Because, Decision, DecisionKind } from './decision.ts'
import { heldUntil, holdMs } from './hold.ts'
import { rollBackStage } from './person-decision.ts'
import type { Goal, Guardrail, Policy, PolicyAction, RolloutPlan } from './plan.ts'
import { stagePercent } from './share.ts'
import type { Completed, Paused, RolledBack, RolloutState, Running } from './state.ts'
import type { Verdict, VerdictKind } from './verdict.ts'
import { moment, plural } from './wording.ts'

/** What the controller sees at one look: the verdicts of this look, and whether the flag is on in the environment. */
export interface Observed {
  readonly verdicts: readonly Verdict[]
  readonly flagOn: boolean
}

type FindingCode = Exclude<VerdictKind, 'ok'> | 'goal-not-reached'

/** A verdict that is not ok, and the policy's answer to it. */
interface Finding {
  readonly because: Because & { readonly code: FindingCode }
  readonly action: PolicyAction
  readonly sentence: string
}

interface Sight {
  readonly plan: RolloutPlan
  readonly observed: Observed
  readonly findings: readonly Finding[]
  readonly now: number
}

const POLICY_KEYS: Readonly<Record<Exclude<VerdictKind, 'ok'>, keyof Policy>> = {
  breached: 'breached',
  inconclusive: 'inconclusive',
  'no-data': 'noData',
  'sick-sample': 'sickSample',
}

const STRENGTH: readonly PolicyAction[] = ['roll-back', 'pause', 'hold', 'warn']
const SEVERITY: readonly FindingCode[] = ['breached', 'sick-sample', 'no-data', 'inconclusive', 'goal-not-reached']

/** No verdict, or (unless it is a breach) one from before this stage, is no evidence that this stage is well. */
function findingOf(
  plan: RolloutPlan,
  guardrail: Guardrail,
  look: { verdict: Verdict | undefined; since: number },
): Finding | undefined {
  const { verdict, since } = look
  const fresh = verdict && (verdict.at > since || verdict.kind === 'breached') ? verdict : undefined
  const kind = fresh?.kind ?? 'no-data'
  if (kind === 'ok') return undefined
  return {
    because: { code: kind, guardrailId: guardrail.id },
    action: { ...plan.policy, ...guardrail.policy }[POLICY_KEYS[kind]],
    sentence: fresh?.sentence ?? `Guardrail "${guardrail.id}" has not been judged since this stage began.`,
  }
}

/** A goal that is not reached in this stage keeps the rollout where it is, if it is due by now. */
function goalFinding(
  goal: Goal,
  look: { verdict: Verdict | undefined; since: number; stage: number },
): Finding | undefined {
  const { verdict, since, stage } = look
  if (stage < (goal.fromStage ?? 0)) return undefined
  const fresh = verdict && verdict.at > since ? verdict : undefined
  if (fresh?.kind === 'ok') return undefined
  return {
    because: { code: 'goal-not-reached', guardrailId: goal.id },
    action: goal.otherwise ?? 'hold',
    sentence: fresh?.sentence ?? `Goal "${goal.id}" has not been judged since this stage began.`,
  }
}

/** All that is not ok, gravest first: by the policy's answer, then by the verdict, then in the order of the plan. */
function findingsOf(plan: RolloutPlan, verdicts: readonly Verdict[], at: { since: number; stage: number }): Finding[] {
  const { since } = at
  const verdictOn = (id: string): Verdict | undefined => verdicts.find(({ guardrailId }) => guardrailId === id)
  const found = plan.guardrails.flatMap(guardrail => {
    return findingOf(plan, guardrail, { verdict: verdictOn(guardrail.id), since }) ?? []
  })
  for (const goal of plan.goals ?? []) {
    found.push(...[goalFinding(goal, { verdict: verdictOn(goal.id), ...at })].filter(one => one !== undefined))
  }
  const rank = ({ action, because }: Finding): number =>
    STRENGTH.indexOf(action) * SEVERITY.length + SEVERITY.indexOf(because.code)
  return found.sort((a, b) => rank(a) - rank(b))
}

function decision(
  sight: Sight,
  kind: DecisionKind,
  why: { because: Because; sentence: string; toStage?: number | undefined },
): Decision {
  const { because, sentence, toStage } = why
  return { kind, ...(toStage !== undefined && { toStage }), because, sentence, verdicts: sight.observed.verdicts }
}

function shareOf(plan: RolloutPlan, stage: number): string {
  return `${stagePercent(plan, stage)} % of ${plural(plan.unit)}`
}

function rollBack(sight: Sight, state: Running | Paused | Completed, finding: Finding): Decision {
  const toStage = rollBackStage(state, sight.plan.rollBack)
  const target = toStage === undefined ? '0 %' : shareOf(sight.plan, toStage)
  return decision(sight, 'roll-back', {
    because: finding.because,
    sentence: `Rolled back from ${shareOf(sight.plan, state.stage)} to ${target}: ${finding.sentence}`,
    toStage,
  })
}

function pause(
  sight: Sight,
  state: Running | Completed,
  finding: Pick<Finding, 'sentence'> & { because: Because },
): Decision {
  const { because, sentence } = finding
  return decision(sight, 'pause', { because, sentence: `Paused at ${shareOf(sight.plan, state.stage)}: ${sentence}` })
}

function stay(sight: Sight, state: Running | Paused | Completed, finding: Finding): Decision {
  const { because, sentence } = finding
  return decision(sight, 'hold', { because, sentence: `Staying at ${shareOf(sight.plan, state.stage)}: ${sentence}` })
}

/** What the policy answers to a finding in a running rollout; `warn` lets it pass. */
function answer(sight: Sight, state: Running, finding: Finding): Decision | undefined {
  switch (finding.action) {
    case 'roll-back':
      return rollBack(sight, state, finding)
    case 'pause':
      return pause(sight, state, finding)
    case 'hold':
      return stay(sight, state, finding)
    case 'warn':
      return undefined
  }
}

function advance(sight: Sight, state: Running): Decision {
  const { plan, findings } = sight
  const last = state.stage === plan.stages.length - 1
  const warned = findings.map(({ sentence }) => ` Let pass by policy: ${sentence}`).join('')
  const reason =
    findings.length === 0
      ? plan.goals?.length
        ? 'the hold is over, all guardrails are ok and the goals reached.'
        : 'the hold is over and all guardrails are ok.'
      : 'the hold is over.'
  const because: Because = { code: 'all-clear' }
  if (last) {
    return decision(sight, 'complete', {
      because,
      sentence: `Completed at ${shareOf(plan, state.stage)}: ${reason}${warned}`,
    })
  }
  const toStage = state.stage + 1
  return decision(sight, 'expand', {
    because,
    sentence: `Expanded from ${stagePercent(plan, state.stage)} % to ${shareOf(plan, toStage)}: ${reason}${warned}`,
    toStage,
  })
}

/** Inconclusive or missing evidence is normal while a stage is young: the policy answers it once the hold is over. */
function actsAtOnce({ because }: Finding): boolean {
  return because.code === 'breached' || because.code === 'sick-sample'
}

function decideRunning(sight: Sight, state: Running): Decision {
  const { plan, findings, observed, now } = sight
  const grave = findings.find(finding => actsAtOnce(finding) && finding.action !== 'warn')
  const urgent = grave && answer(sight, state, grave)
  if (urgent?.kind === 'roll-back') return urgent
  if (!observed.flagOn) {
    return pause(sight, state, { because: { code: 'flag-off' }, sentence: 'the flag was switched off.' })
  }
  if (urgent) return urgent
  const remaining = holdMs(plan, state.stage) - heldUntil(state, now)
  if (remaining > 0) {
    return decision(sight, 'hold', {
      because: { code: 'hold-not-elapsed' },
      sentence: `Staying at ${shareOf(plan, state.stage)}: the hold of this stage lasts until ${moment(now + remaining)}.`,
    })
  }
  const [gravest] = findings
  return (gravest && answer(sight, state, gravest)) ?? advance(sight, state)
}

/** A breach is enforced while paused and after completion too; other verdicts only steer expansion. */
function decideWatched(sight: Sight, state: Paused | Completed): Decision {
  const breach = sight.findings.find(({ because }) => because.code === 'breached')
  if (breach?.action === 'roll-back') return rollBack(sight, state, breach)
  if (breach?.action === 'pause' && state.status === 'completed') return pause(sight, state, breach)
  if (breach) return stay(sight, state, breach)
  const why = state.status === 'paused' ? `${state.why}` : 'Everybody has it; its guardrails are still watched.'
  return decision(sight, 'hold', { because: { code: state.status }, sentence: why })
}

function over(sight: Sight, { status }: RolloutState): Decision {
  const sentence = `This rollout is ${status}: there is nothing to decide.`
  return decision(sight, 'hold', { because: { code: 'not-running' }, sentence })
}

/** A share that a roll-back left in place is watched afresh: what led to the roll-back is no evidence against it. */
function decideKept(plan: RolloutPlan, state: RolledBack & { readonly keptStage: number }, look: Looked): Decision {
  const { now } = look
  const { keptStage: stage, rolledBackAt: since } = state
  const observed = { ...look.observed, verdicts: look.observed.verdicts.filter(({ at }) => at > since) }
  const sight: Sight = { plan, observed, findings: findingsOf(plan, observed.verdicts, { since, stage }), now }
  const breach = sight.findings.find(({ because }) => because.code === 'breached')
  const kept = shareOf(plan, stage)
  if (breach?.action === 'roll-back') {
    const { because, sentence } = breach
    return decision(sight, 'roll-back', { because, sentence: `Rolled back from ${kept} to 0 %, too: ${sentence}` })
  }
  return decision(sight, 'hold', {
    because: breach?.because ?? { code: 'share-kept' },
    sentence: breach ? `Left at ${kept}: ${breach.sentence}` : `${kept} keep it; its guardrails are still watched.`,
  })
}

interface Looked {
  readonly observed: Observed
  readonly now: number
}

/**
 * What to do now. Pure: the same plan, state, verdicts and time give the same decision; at most one stage per look.
 *
 * - A breach is answered by the policy in every watched state: running, paused, completed, and rolled back to a share that
 *   stays.
 * - Running with the flag switched off: pause. Running: expand (or complete) only when the hold is over, every
 *   guardrail is ok, or its policy for what it is instead is `warn`, and every goal due is reached, or else lets it pass.
 * - Verdicts from before the present stage don't clear it; a guardrail without a verdict counts as `no-data`.
 *
 * `hold` says why in `because`; compare with `sameBecause` to store it only when it is new. `now` is epoch ms.
 */
export function decide(plan: RolloutPlan, state: RolloutState, observed: Observed, now: number): Decision {
  const since = 'stageStartedAt' in state ? state.stageStartedAt : -Infinity
  const stage = 'stage' in state ? (state.stage ?? 0) : 0
  const sight: Sight = { plan, observed, findings: findingsOf(plan, observed.verdicts, { since, stage }), now }
  switch (state.status) {
    case 'running':
      return decideRunning(sight, state)
    case 'paused':
    case 'completed':
      return decideWatched(sight, state)
    case 'rolled-back': {
      const { keptStage } = state
      return keptStage === undefined ? over(sight, state) : decideKept(plan, { ...state, keptStage }, { observed, now })
    }
    case 'draft':
    case 'aborted':
    case 'retired':
      return over(sight, state)
  }
}
