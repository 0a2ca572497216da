import type { RolloutAction, RolloutView } from '@dimmer/protocol'
import { Group, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { queryKeys } from '../../../shared/query-keys.ts'
import { ConfirmModal } from '../../../shared/ui/confirm-modal.tsx'
import { GuardedButton } from '../../../shared/ui/guarded.tsx'
import {
  IconArrowBackUp,
  IconCircleCheck,
  IconCircleX,
  IconPlayerPause,
  IconPlayerPlay,
} from '../../../shared/ui/icons.ts'
import { DANGER } from '../../../shared/ui/tone.ts'
import { useWhyNot } from '../../access/index.ts'
import { ACTION_LABELS, allowedActions, describeAction } from '../model/rollout-actions.ts'
import { startApprovalsQuery } from '../rollout-queries.ts'

interface Props {
  readonly project: string
  readonly rollout: RolloutView
}

const LOOKS = {
  start: { Icon: IconPlayerPlay, variant: 'filled', danger: false },
  resume: { Icon: IconPlayerPlay, variant: 'filled', danger: false },
  pause: { Icon: IconPlayerPause, variant: 'default', danger: false },
  'roll-back': { Icon: IconArrowBackUp, variant: 'filled', danger: true },
  abort: { Icon: IconCircleX, variant: 'default', danger: true },
  retire: { Icon: IconCircleCheck, variant: 'default', danger: false },
} as const satisfies Record<RolloutAction, unknown>

function ActionDialog({ project, rollout, action, onClose }: Props & { action: RolloutAction; onClose: () => void }) {
  const api = useApi()
  const queries = useQueryClient()
  const [note, setNote] = useState('')
  const act = useMutation({
    mutationFn: () =>
      api.actOnRollout(project, rollout.id, { action, ...(note.trim() === '' ? {} : { note: note.trim() }) }),
    onSuccess: changed => {
      queries.setQueryData(queryKeys.rollout(project, rollout.id), changed)
      void queries.invalidateQueries({ queryKey: queryKeys.rollouts(project) })
      onClose()
    },
  })
  return (
    <ConfirmModal
      opened
      onClose={onClose}
      title={`${ACTION_LABELS[action]} the rollout of ${rollout.flag}?`}
      sentences={describeAction(action, rollout)}
      confirmLabel={ACTION_LABELS[action]}
      danger={LOOKS[action].danger}
      busy={act.isPending}
      error={act.error}
      onConfirm={() => act.mutate()}
    >
      <Textarea
        label="Note for the decision log"
        placeholder="Optional"
        autosize
        value={note}
        onChange={event => setNote(event.currentTarget.value)}
      />
    </ConfirmModal>
  )
}

/** What a person can do now. Each asks first and says what it will do. */
export function RolloutActions({ project, rollout }: Props) {
  const [asked, setAsked] = useState<RolloutAction | undefined>(undefined)
  const mayNot = useWhyNot('rollout:run', { project, environment: rollout.environment })
  const isDraft = rollout.state.status === 'draft'
  const { data: start } = useQuery({ ...startApprovalsQuery(useApi(), project, rollout.id), enabled: isDraft })
  const whyNot = (action: RolloutAction) =>
    mayNot ?? (action === 'start' ? (start?.whyNotStart ?? undefined) : undefined)
  return (
    <Group gap="xs">
      {allowedActions(rollout.state.status).map(action => {
        const { Icon, variant, danger } = LOOKS[action]
        return (
          <GuardedButton
            key={action}
            whyNot={whyNot(action)}
            variant={variant}
            {...(danger ? { color: DANGER } : {})}
            leftSection={<Icon size={16} />}
            onClick={() => setAsked(action)}
          >
            {ACTION_LABELS[action]}
          </GuardedButton>
        )
      })}
      {asked !== undefined && (
        <ActionDialog project={project} rollout={rollout} action={asked} onClose={() => setAsked(undefined)} />
      )}
    </Group>
  )
}
