import type { Evidence, Guardrail } from '@dimmer/rollout'
import { intervalScale } from '../model/interval-scale.ts'
import { boundWords, verdictBounds } from '../model/verdict-bounds.ts'
import classes from './interval-bar.module.css'

interface Props {
  readonly guardrail: Guardrail
  readonly evidence: Evidence
}

const at = (position: number): string => `${100 * position}%`

/** The estimate with its bounds against the limit, drawn. The sentence beside it says the same. */
export function IntervalBar({ guardrail, evidence }: Props) {
  const bounds = verdictBounds(guardrail, evidence)
  const scale = intervalScale(bounds)
  return (
    <div className={classes.scale} aria-hidden="true">
      <div className={classes.track} />
      <div className={classes.over} style={{ left: at(scale.limit) }} />
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
        limit {boundWords(guardrail, bounds.limit)}
      </div>
    </div>
  )
}
