import type { ArmReading } from '@dimmer/rollout'
import classes from './experiments.module.css'
import { liftAt } from './model/lift-scale.ts'
import { liftWords } from './model/reading-words.ts'

interface Props {
  readonly reading: Pick<ArmReading, 'lift' | 'lower' | 'upper' | 'verdict'>
  /** The scale goes from minus to plus this. */
  readonly span: number
}

const WIDTH = 400
const HEIGHT = 46
const LINE = 14
const PAD = 8

/** The relative lift with its interval, drawn around "no difference". The sentence beside it says the same. */
export function LiftBar({ reading: { lift, lower, upper, verdict }, span }: Props) {
  const x = (value: number) => PAD + liftAt(value, span) * (WIDTH - 2 * PAD)
  const ticks = [-span, -span / 2, 0, span / 2, span]
  return (
    <svg className={classes.lift} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" data-verdict={verdict}>
      <line className={classes.axis} x1={PAD} x2={WIDTH - PAD} y1={LINE} y2={LINE} />
      {ticks.map(tick => (
        <g key={tick}>
          <line
            className={tick === 0 ? classes.zero : classes.tick}
            x1={x(tick)}
            x2={x(tick)}
            y1={tick === 0 ? 0 : LINE - 3}
            y2={tick === 0 ? LINE * 2 : LINE + 3}
          />
          <text
            className={classes.tickLabel}
            x={x(tick)}
            y={HEIGHT - 4}
            textAnchor={tick === -span ? 'start' : tick === span ? 'end' : 'middle'}
          >
            {tick === 0 ? '0' : liftWords(tick)}
          </text>
        </g>
      ))}
      {lower !== undefined && upper !== undefined && (
        <rect className={classes.interval} x={x(lower)} y={LINE - 5} width={x(upper) - x(lower)} height={10} rx={5} />
      )}
      {lift !== undefined && <circle className={classes.point} cx={x(lift)} cy={LINE} r={5.5} />}
    </svg>
  )
}
