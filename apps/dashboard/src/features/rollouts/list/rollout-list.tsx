import type { RolloutView } from '@dimmer/protocol'
import { percentNow } from '@dimmer/rollout'
import { EmptyState, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { IconRocket } from '../../../shared/ui/icons.ts'
import { LightBar } from '../../../shared/ui/light-bar.tsx'
import { Panel } from '../../../shared/ui/panel.tsx'
import { TimeAgo } from '../../../shared/ui/time-ago.tsx'
import { useNow } from '../../../shared/use-now.ts'
import { statusSentence } from '../model/rollout-words.ts'
import { serverNow } from '../model/server-now.ts'
import { StatusBadge } from '../status-badge.tsx'
import classes from './rollout-list.module.css'

interface Props {
  readonly project: string
  readonly rollouts: readonly RolloutView[]
}

function Row({
  project,
  rollout,
  now,
}: {
  readonly project: string
  readonly rollout: RolloutView
  readonly now: number
}) {
  const { id, flag, environment, plan, state, createdAt } = rollout
  return (
    <li className={classes.row}>
      <div>
        <Link to="/p/$project/rollouts/$rollout" params={{ project, rollout: id }} className={classes.link}>
          {flag}
        </Link>
        <Text size="xs" c="dimmed">
          {plan.variant} in {environment}, made <TimeAgo at={createdAt} now={now} />
        </Text>
      </div>
      <div>
        <Text size="sm" lineClamp={2} mb={4}>
          {statusSentence(rollout, now)}
        </Text>
        <LightBar level={percentNow(plan, state)} />
      </div>
      <StatusBadge status={state.status} />
    </li>
  )
}

/** All rollouts, the newest first. */
export function RolloutList({ project, rollouts }: Props) {
  const wallClock = useNow()
  if (rollouts.length === 0) {
    return (
      <Panel>
        <EmptyState
          my="lg"
          icon={<IconRocket size={28} />}
          withIndicatorBackground
          title="No rollouts yet"
          description="Open a flag and start a rollout: it brings the flag from a few accounts to everybody, and back if a guardrail breaks."
        />
      </Panel>
    )
  }
  const newestFirst = rollouts.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt))
  return (
    <Panel flush>
      <ul className={classes.list} aria-label="Rollouts">
        {newestFirst.map(rollout => (
          <Row key={rollout.id} project={project} rollout={rollout} now={serverNow(wallClock, rollout.verdicts)} />
        ))}
      </ul>
    </Panel>
  )
}
