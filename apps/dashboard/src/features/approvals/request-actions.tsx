import type { ChangeRequestView } from '@dimmer/protocol'
import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { dateTime } from '../../shared/format/relative-time.ts'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { IconAlertTriangle } from '../../shared/ui/icons.ts'
import { Panel } from '../../shared/ui/panel.tsx'
import { DANGER } from '../../shared/ui/tone.ts'
import { useRequestAct } from './approval-queries.ts'
import { isApproved } from './request-words.ts'

interface Props {
  readonly project: string
  readonly request: ChangeRequestView
}

const failureOf = (acts: readonly { readonly error: Error | null }[]) => acts.find(({ error }) => error !== null)?.error

/** To say what one thinks of it. */
export function ReviewPanel({ project, request }: Props) {
  const { id, revision } = request
  const [comment, setComment] = useState('')
  const approve = useRequestAct(project, (api, _: null) => api.approveChange(project, id, { revision, comment }))
  const reject = useRequestAct(project, (api, _: null) => api.rejectChange(project, id, { revision, comment }))
  const say = useRequestAct(project, (api, _: null) => api.commentOnChange(project, id, comment))
  const error = failureOf([approve, reject, say])
  const done = { onSuccess: () => setComment('') }
  return (
    <Panel title="What do you think?">
      <Textarea
        label="Comment"
        description="To reject it, say why."
        autosize
        minRows={2}
        value={comment}
        onChange={event => setComment(event.currentTarget.value)}
      />
      {error && <ErrorAlert error={error} />}
      <Group gap="xs">
        <Button
          loading={approve.isPending}
          disabled={request.status !== 'open'}
          onClick={() => approve.mutate(null, done)}
        >
          Approve
        </Button>
        <Button
          variant="default"
          loading={reject.isPending}
          disabled={request.status !== 'open' || comment.trim() === ''}
          onClick={() => reject.mutate(null, done)}
        >
          Reject
        </Button>
        <Button
          variant="subtle"
          loading={say.isPending}
          disabled={comment.trim() === ''}
          onClick={() => say.mutate(null, done)}
        >
          Only comment
        </Button>
      </Group>
    </Panel>
  )
}

function Schedule({ project, request }: Props) {
  const [time, setTime] = useState('')
  const schedule = useRequestAct(project, (api, at: string | null) => api.scheduleChange(project, request.id, at))
  if (request.applyAt !== null) {
    return (
      <Group gap="xs">
        <Text size="sm">
          It is applied by itself on {dateTime(Date.parse(request.applyAt))}, if it is approved then.
        </Text>
        <Button size="xs" variant="default" loading={schedule.isPending} onClick={() => schedule.mutate(null)}>
          Take the time back
        </Button>
      </Group>
    )
  }
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        <TextInput
          type="datetime-local"
          label="Or at a time"
          value={time}
          onChange={event => setTime(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={time === ''}
          loading={schedule.isPending}
          onClick={() => schedule.mutate(new Date(time).toISOString())}
        >
          Schedule
        </Button>
      </Group>
      {schedule.error !== null && <ErrorAlert error={schedule.error} />}
    </Stack>
  )
}

function BreakGlass({ project, request }: Props) {
  const [reason, setReason] = useState('')
  const apply = useRequestAct(project, (api, _: null) =>
    api.applyChange(project, request.id, request.revision, { breakGlass: reason }),
  )
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        In an emergency it can be applied without approval. That stands out in the audit log, with your name and reason.
      </Text>
      <Group gap="xs" align="flex-end">
        <TextInput
          flex="1 1 220px"
          label="Why it can't wait"
          value={reason}
          onChange={event => setReason(event.currentTarget.value)}
        />
        <Button
          color={DANGER}
          disabled={reason.trim() === ''}
          loading={apply.isPending}
          onClick={() => apply.mutate(null)}
        >
          Apply without approval
        </Button>
      </Group>
      {apply.error !== null && <ErrorAlert error={apply.error} />}
    </Stack>
  )
}

/** To make the change, now or at a time, or to drop it. */
export function ApplyPanel({ project, request }: Props) {
  const { id, revision } = request
  const apply = useRequestAct(project, (api, _: null) => api.applyChange(project, id, revision))
  const cancel = useRequestAct(project, (api, _: null) => api.cancelChange(project, id))
  const renew = useRequestAct(project, (api, _: null) => api.editChangeRequest(project, id, {}))
  const error = failureOf([apply, cancel, renew])
  const approved = isApproved(request)
  return (
    <Panel title="Apply">
      {request.conflict && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title="Something was changed since">
          <Text size="sm">
            {request.kind === 'flag' && request.currentVersion !== request.baseVersion
              ? `This was made from version ${request.baseVersion}, the flag is at ${request.currentVersion} now.`
              : 'A segment or a unit on which it depends is another one now.'}{' '}
            Asked anew, it replaces what is there now, and must be approved again.
          </Text>
          <Button mt="xs" size="xs" variant="default" loading={renew.isPending} onClick={() => renew.mutate(null)}>
            Ask anew
          </Button>
        </Alert>
      )}
      {request.problem !== null && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title="It was not applied at its time">
          {request.problem}
        </Alert>
      )}
      {error && <ErrorAlert error={error} />}
      <Group gap="xs">
        <Button loading={apply.isPending} disabled={!approved || request.conflict} onClick={() => apply.mutate(null)}>
          Apply now
        </Button>
        <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(null)}>
          Cancel the request
        </Button>
      </Group>
      <Schedule project={project} request={request} />
      {!approved && !request.conflict && <BreakGlass project={project} request={request} />}
    </Panel>
  )
}
