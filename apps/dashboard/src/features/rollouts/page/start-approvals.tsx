import type { RolloutView, StartApprovalView } from '@dimmer/protocol'
import { Group, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { GuardedButton } from '../../../shared/ui/guarded.tsx'
import { IconCircleCheck } from '../../../shared/ui/icons.ts'
import { Panel } from '../../../shared/ui/panel.tsx'
import { ListRow, RowList } from '../../../shared/ui/row-list.tsx'
import { TimeAgo } from '../../../shared/ui/time-ago.tsx'
import { ToneBadge } from '../../../shared/ui/tone-badge.tsx'
import { useWhyNot } from '../../access/index.ts'
import { startApprovalsQuery } from '../rollout-queries.ts'

interface Props {
  readonly project: string
  readonly rollout: RolloutView
}

function Given({ approval: { who, role, note, at, counts } }: { readonly approval: StartApprovalView }) {
  return (
    <ListRow>
      <div>
        <Text size="sm">
          <b>{who.name}</b> ({role}) approved, <TimeAgo at={at} />
        </Text>
        {note !== null && <Text size="sm">{note}</Text>}
      </div>
      {counts ? (
        <ToneBadge tone="good" icon={<IconCircleCheck size={12} />}>
          counts
        </ToneBadge>
      ) : (
        <ToneBadge tone="neutral">no longer counts</ToneBadge>
      )}
    </ListRow>
  )
}

function ApproveForm({ project, rollout, whyNot }: Props & { readonly whyNot: string | null }) {
  const api = useApi()
  const queries = useQueryClient()
  const [note, setNote] = useState('')
  const approve = useMutation({
    mutationFn: () => api.approveRollout(project, rollout.id, note.trim() === '' ? {} : { note: note.trim() }),
    onSuccess: () => setNote(''),
    onSettled: () => queries.invalidateQueries(startApprovalsQuery(api, project, rollout.id)),
  })
  const mayNot = useWhyNot('change:approve', { project, environment: rollout.environment }) ?? whyNot ?? undefined
  return (
    <Group align="flex-end" gap="xs" px="md" pb="md">
      <TextInput
        flex="1 1 220px"
        label="Note"
        placeholder="Optional"
        disabled={mayNot !== undefined}
        value={note}
        onChange={event => setNote(event.currentTarget.value)}
      />
      <GuardedButton whyNot={mayNot} loading={approve.isPending} onClick={() => approve.mutate()}>
        Approve the plan
      </GuardedButton>
      {approve.error !== null && <ErrorAlert error={approve.error} />}
    </Group>
  )
}

/** Who has approved the start of a draft, and what it still takes; nothing where it needs no approval. */
export function StartApprovals({ project, rollout }: Props) {
  const isDraft = rollout.state.status === 'draft'
  const { data } = useQuery({ ...startApprovalsQuery(useApi(), project, rollout.id), enabled: isDraft })
  if (!isDraft || data === undefined || data.needed === 0) return null
  const { needed, given, roles, approvals, whyNotApprove } = data
  return (
    <Panel
      flush
      title="Approval to start"
      description={`${given} of ${needed} given; by ${roles.join(', ')}, not by who wrote the plan. Whoever starts it approves it too. A change of the flag's rules voids them.`}
    >
      {approvals.length > 0 && (
        <RowList label="Approvals">
          {approvals.map(approval => (
            <Given key={`${approval.who.id} ${approval.at}`} approval={approval} />
          ))}
        </RowList>
      )}
      <ApproveForm project={project} rollout={rollout} whyNot={whyNotApprove} />
    </Panel>
  )
}
