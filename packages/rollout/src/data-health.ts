import { logEThreshold, sampleRatioLogE } from '@dimmer/stats'
import type { FactShape, GuardrailFacts, StageBase } from './facts.ts'
import { currentStage, type Look } from './look.ts'
import { count, oneIn, percent, plural } from './wording.ts'

/** A rollout whose groups are as planned is called sick with at most this chance. */
const SICK_ALPHA = 0.001
const CROSSED_SHARE = 0.01
const FEWEST_CROSSED = 5

function sickRatio(stage: StageBase, look: Look): string | undefined {
  const { treated, control } = stage.seen
  if (stage.share >= 1 || treated + control === 0) return undefined
  // The same units are seen again in the next stage, so the stages are not independent: each gets its part of alpha.
  const weight = 1 / Math.max(1, look.plan.stages.length)
  const logE = sampleRatioLogE([{ nT: treated, n: treated + control, w: stage.share }])
  if (logE < logEThreshold(SICK_ALPHA, weight)) return undefined
  const share = percent(treated / (treated + control))
  return (
    `The groups of stage ${stage.stage + 1} are not as planned: ${count(treated)} of ${count(treated + control)} ` +
    `${plural(look.plan.unit)} seen are exposed, ${share} instead of ${percent(stage.share)}. ` +
    `Chance of that below ${oneIn(logE + Math.log(weight))}.`
  )
}

function sickCrossing(stage: StageBase, look: Look): string | undefined {
  const seen = stage.seen.treated + stage.seen.control
  if (stage.crossed < FEWEST_CROSSED || stage.crossed < CROSSED_SHARE * seen) return undefined
  return (
    `${count(stage.crossed)} of ${count(seen)} ${plural(look.plan.unit)} were seen on both sides in stage ${stage.stage + 1}: ` +
    `they did not keep what they were given.`
  )
}

/** Why the groups cannot be trusted, if so: not the planned share, or units on both sides. Names the stage and which of the two. */
export function sickness(look: Look): string | undefined {
  for (const stage of look.facts.stages) {
    const why = sickRatio(stage, look) ?? sickCrossing(stage, look)
    if (why !== undefined) return why
  }
  return undefined
}

function hasData(facts: GuardrailFacts, stage: number, now: number): boolean {
  switch (facts.shape) {
    case 'outcomes':
      return (facts.stages[stage]?.units ?? []).some(unit => unit.arm === 'treated' && unit.maturesAt <= now)
    case 'counts':
      return (facts.stages[stage]?.units ?? []).some(unit => unit.arm === 'treated')
    case 'samples':
      return facts.samples.some(({ at }) => at >= (facts.stages[stage]?.startedAt ?? 0))
    default:
      if (facts.evidence)
        return facts.evidence.stage === facts.stages[stage]?.stage && facts.evidence.now.active.treated > 0
      return (facts.stages[stage]?.units ?? []).some(unit => unit.arm === 'treated' && unit.events > 0)
  }
}

const NOTHING: Readonly<Record<FactShape, (unit: string, name: string) => string>> = {
  events: (unit, name) => `No newly exposed ${unit} has sent ${name}`,
  outcomes: (unit, name) => `No newly exposed ${unit} has completed its window for ${name}`,
  counts: unit => `No ${unit} has been newly exposed`,
  samples: (_, name) => `No number for ${name} has arrived`,
}

/** Why there is nothing to judge, if so. A metric whose name matches nothing ends up here, never in silence. */
export function missingData(name: string, look: Look): string | undefined {
  const { facts } = look
  const stage = currentStage<StageBase>(facts)
  // Without tickets all is well; what never arrives at all is a question for the health of the source, not of the change.
  if (facts.lastEventAt === undefined && facts.shape !== 'counts') {
    return `No ${name} has ever arrived. Is the name right, and does the code send it?`
  }
  if (!stage) return `No stage has begun, so there is no ${name} to judge.`
  if (hasData(facts, facts.stages.length - 1, look.at)) return undefined
  return `${NOTHING[facts.shape ?? 'events'](look.plan.unit, name)} since stage ${stage.stage + 1} began.`
}
