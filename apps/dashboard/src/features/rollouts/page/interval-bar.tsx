import type { Evidence, Guardrail } from '@dimmer/rollout'
import { intervalScale } from '../model/interval-scale.ts'
import { boundWords, verdictBounds } from '../model/verdict-bounds.ts'
import classes from './interval-bar.module.css'

interface Props {
  readonly guardrail: Guardrail
  readonly evidence: Evidence
  /** What the bound is called: a goal has a target. */
  readonly label?: 'limit' | 'target'
}

const at = (position: number): string => `${100 * position}%`

const lessIsWorse = (guardrail: Guardrail): boolean =>
  guardrail.kind === 'metric' && 'worse' in guardrail.metric && guardrail.metric.worse === 'lower'

/** The estimate with its bounds against the limit, drawn. The sentence beside it says the same. */
export function IntervalBar({ guardrail, evidence, label = 'limit' }: Props) {
  const bounds = verdictBounds(guardrail, evidence)
  const scale = intervalScale(bounds)
  return (
    <div className={classes.scale} aria-hidden="true">
      <div className={classes.track} />
      {label === 'limit' && (
        <div
          className={classes.over}
          style={lessIsWorse(guardrail) ? { left: 0, right: at(1 - scale.limit) } : { left: at(scale.limit), right: 0 }}
        />
      )}
      {scale.estimate !== undefined && (
        <div
          className={classes.bounds}
          data-open={scale.openEnd || undefined}
          style={{ left: at(scale.from), width: at(scale.to - scale.from) }}
        />
      )}
      {scale.estimate !== undefined && <div className={classes.estimate} style={{ left: at(scale.estimate) }} />}
      <div className={classes.limit} style={{ left: at(scale.limit) }} />
      <div className={classes.limitLabel} style={{ left: at(scale.limit) }}>
        {label} {boundWords(guardrail, bounds.limit, evidence.limit)}
      </div>
    </div>
  )
}
