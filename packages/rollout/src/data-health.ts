import { logEThreshold, sampleRatioLogE } from '@dimmer/stats'
import type { StageFacts } from './facts.ts'
import { currentStage, type Look } from './look.ts'
import { count, oneIn, percent, plural } from './wording.ts'

/** A rollout whose groups are as planned is called sick with at most this chance. */
const SICK_ALPHA = 0.001
const CROSSED_SHARE = 0.01
const FEWEST_CROSSED = 5

function sickRatio(stage: StageFacts, look: Look): string | undefined {
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

function sickCrossing(stage: StageFacts, look: Look): string | undefined {
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

/** Why there is nothing to judge, if so. A metric whose name matches nothing ends up here, never in silence. */
export function missingData(event: string, look: Look): string | undefined {
  if (look.facts.lastEventAt === undefined) {
    return `No ${event} has ever arrived. Is the name right, and does the code send it?`
  }
  const stage = currentStage(look.facts)
  if (!stage) return `No stage has begun, so there is no ${event} to judge.`
  if (stage.units.some(unit => unit.arm === 'treated' && unit.events > 0)) return undefined
  return `No newly exposed ${look.plan.unit} has sent ${event} since stage ${stage.stage + 1} began.`
}
