import type { StageProgress, StageStatus } from '@dimmer/rollout'
import { Text } from '@mantine/core'
import type { CSSProperties } from 'react'
import { duration } from '../../../shared/format/duration.ts'
import { percent } from '../../../shared/format/percent.ts'
import { IconArrowBackUp, IconCheck } from '../../../shared/ui/icons.ts'
import { holdDone } from '../model/hold-done.ts'
import classes from './stage-timeline.module.css'

const STATUS_WORDS: Readonly<Record<StageStatus, string>> = {
  done: 'done',
  current: 'now',
  ahead: 'ahead',
  'rolled-back': 'rolled back from here',
}

function holdWords(stage: StageProgress): string {
  const { status, holdMs, remainingMs } = stage
  if (status !== 'current') return `${STATUS_WORDS[status]}, hold ${duration(holdMs)}`
  if (remainingMs === 0) return `hold of ${duration(holdMs)} over`
  return `${percent(Math.floor(100 * holdDone(stage)))} of ${duration(holdMs)}, ${duration(remainingMs)} left`
}

function Mark({ status }: Pick<StageProgress, 'status'>) {
  if (status === 'done') return <IconCheck size={12} stroke={3} />
  return status === 'rolled-back' ? <IconArrowBackUp size={12} stroke={3} /> : null
}

/** The stages from nobody to everybody: which are done, where the rollout is, how much of the hold is over. */
export function StageTimeline({ stages }: { readonly stages: readonly StageProgress[] }) {
  return (
    <ol className={classes.stages} aria-label="Stages">
      {stages.map(stage => {
        const length: CSSProperties & Record<'--progress', string> = {
          width: `${100 * holdDone(stage)}%`,
          '--progress': `${100 * holdDone(stage)}%`,
        }
        return (
          <li
            key={stage.index}
            className={classes.stage}
            data-status={stage.status}
            aria-current={stage.status === 'current' ? 'step' : undefined}
          >
            <div className={classes.rail} aria-hidden="true">
              <div className={classes.progress} style={length} />
            </div>
            <span className={classes.dot} aria-hidden="true">
              <Mark status={stage.status} />
            </span>
            <div className={classes.percent}>{percent(stage.percent)}</div>
            <Text size="sm">{stage.name}</Text>
            <Text size="xs" c="dimmed">
              {holdWords(stage)}
            </Text>
          </li>
        )
      })}
    </ol>
  )
}
