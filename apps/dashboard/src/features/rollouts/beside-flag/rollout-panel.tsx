import type { FlagConfig, FlagPlace, FlagView, RolloutView } from '@dimmer/protocol'
import { Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { GuardedButton } from '../../../shared/ui/guarded.tsx'
import { IconRocket } from '../../../shared/ui/icons.ts'
import { ButtonLink } from '../../../shared/ui/links.tsx'
import { Panel } from '../../../shared/ui/panel.tsx'
import { useNow } from '../../../shared/use-now.ts'
import { useWhyNot } from '../../access/index.ts'
import { statusSentence } from '../model/rollout-words.ts'
import { serverNow } from '../model/server-now.ts'
import { StartRolloutDialog } from '../start/start-rollout-dialog.tsx'
import { StatusBadge } from '../status-badge.tsx'

interface Props {
  readonly place: FlagPlace
  readonly flag: FlagView
  readonly config: FlagConfig
  /** The latest rollout here that is not over for good. */
  readonly current: RolloutView | undefined
  readonly onStarted: (rollout: RolloutView) => void
}

const CAN_START_ANOTHER = new Set(['rolled-back', 'completed'])

/** The rollout of the flag in this environment; or the way to start one. */
export function RolloutPanel({ place, flag, config, current, onStarted }: Props) {
  const now = useNow()
  const whyNot = useWhyNot('rollout:run', place)
  const [opened, { open, close }] = useDisclosure(false)
  const startable = current === undefined || CAN_START_ANOTHER.has(current.state.status)
  return (
    <Panel title="Rollout" actions={current && <StatusBadge status={current.state.status} />}>
      <Text size="sm" {...(current === undefined ? { c: 'dimmed' } : {})}>
        {current === undefined
          ? 'Bring it from a few to everybody in stages. Guardrails roll it back if it does harm.'
          : statusSentence(current, serverNow(now, current.verdicts))}
      </Text>
      <Group gap="xs">
        {current !== undefined && (
          <ButtonLink
            to="/p/$project/rollouts/$rollout"
            params={{ project: place.project, rollout: current.id }}
            variant="default"
            size="xs"
          >
            Open rollout
          </ButtonLink>
        )}
        {startable && (
          <GuardedButton
            whyNot={whyNot}
            size="xs"
            variant={current === undefined ? 'filled' : 'default'}
            leftSection={<IconRocket size={14} />}
            onClick={open}
          >
            Start a rollout
          </GuardedButton>
        )}
      </Group>
      <StartRolloutDialog
        opened={opened}
        onClose={close}
        place={place}
        flag={flag}
        config={config}
        onStarted={rollout => {
          close()
          onStarted(rollout)
        }}
      />
    </Panel>
  )
}
