import type { ChangeRequestView } from '@dimmer/protocol'
import { Alert, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { dateTime } from '../../shared/format/relative-time.ts'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { IconAlertTriangle } from '../../shared/ui/icons.ts'
import { Panel } from '../../shared/ui/panel.tsx'
import { DANGER } from '../../shared/ui/tone.ts'
import { useRoleAt, useSession, useWhyNot } from '../access/index.ts'
import { useRequestAct } from './approval-queries.ts'
import { isApproved, placeOf, whyNotApplicable, whyNotApprovable, whyNotCounted } from './request-words.ts'

interface Props {
  readonly project: string
  readonly request: ChangeRequestView
}

type ActProps = Props & {
  /** Why the person may not; undefined: they may. */
  readonly mayNot: string | undefined
}

const failureOf = (acts: readonly { readonly error: Error | null }[]) => acts.find(({ error }) => error !== null)?.error

/** To say what one thinks of it. */
export function ReviewPanel({ project, request }: Props) {
  const { id, revision } = request
  const place = placeOf(project, request)
  const session = useSession()
  const mayNot = useWhyNot('change:approve', place)
  const uncounted = whyNotCounted(request, useRoleAt(place))
  const [comment, setComment] = useState('')
  const approve = useRequestAct(project, (api, _: null) => api.approveChange(project, id, { revision, comment }))
  const reject = useRequestAct(project, (api, _: null) => api.rejectChange(project, id, { revision, comment }))
  const say = useRequestAct(project, (api, _: null) => api.commentOnChange(project, id, comment))
  const error = failureOf([approve, reject, say])
  const done = { onSuccess: () => setComment('') }
  const notApprovable = mayNot ?? whyNotApprovable(request, session)
  return (
    <Panel title="What do you think?">
      {(mayNot ?? uncounted) !== undefined && (
        <Text size="sm" c="dimmed">
          {mayNot ?? uncounted}
        </Text>
      )}
      <Textarea
        label="Comment"
        description="To reject it, say why."
        autosize
        minRows={2}
        disabled={mayNot !== undefined}
        value={comment}
        onChange={event => setComment(event.currentTarget.value)}
      />
      {error && <ErrorAlert error={error} />}
      <Group gap="xs">
        <GuardedButton whyNot={notApprovable} loading={approve.isPending} onClick={() => approve.mutate(null, done)}>
          Approve
        </GuardedButton>
        <GuardedButton
          whyNot={mayNot}
          variant="default"
          loading={reject.isPending}
          disabled={request.status !== 'open' || comment.trim() === ''}
          onClick={() => reject.mutate(null, done)}
        >
          Reject
        </GuardedButton>
        <GuardedButton
          whyNot={mayNot}
          variant="subtle"
          loading={say.isPending}
          disabled={comment.trim() === ''}
          onClick={() => say.mutate(null, done)}
        >
          Only comment
        </GuardedButton>
      </Group>
    </Panel>
  )
}

function Schedule({ project, request, mayNot }: ActProps) {
  const [time, setTime] = useState('')
  const schedule = useRequestAct(project, (api, at: string | null) => api.scheduleChange(project, request.id, at))
  if (request.applyAt !== null) {
    return (
      <Group gap="xs">
        <Text size="sm">
          It is applied by itself on {dateTime(Date.parse(request.applyAt))}, if it is approved then.
        </Text>
        <GuardedButton
          whyNot={mayNot}
          size="xs"
          variant="default"
          loading={schedule.isPending}
          onClick={() => schedule.mutate(null)}
        >
          Take the time back
        </GuardedButton>
      </Group>
    )
  }
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        <TextInput
          type="datetime-local"
          label="Or at a time"
          disabled={mayNot !== undefined}
          value={time}
          onChange={event => setTime(event.currentTarget.value)}
        />
        <GuardedButton
          whyNot={mayNot}
          variant="default"
          disabled={time === ''}
          loading={schedule.isPending}
          onClick={() => schedule.mutate(new Date(time).toISOString())}
        >
          Schedule
        </GuardedButton>
      </Group>
      {schedule.error !== null && <ErrorAlert error={schedule.error} />}
    </Stack>
  )
}

function BreakGlass({ project, request, mayNot }: ActProps) {
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
          disabled={mayNot !== undefined}
          value={reason}
          onChange={event => setReason(event.currentTarget.value)}
        />
        <GuardedButton
          whyNot={mayNot}
          color={DANGER}
          disabled={reason.trim() === ''}
          loading={apply.isPending}
          onClick={() => apply.mutate(null)}
        >
          Apply without approval
        </GuardedButton>
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
  const mayNot = useWhyNot(request.kind === 'flag' ? 'flag:write' : 'segment:write', placeOf(project, request))
  const whyNotNow = whyNotApplicable(request)
  return (
    <Panel title="Apply">
      {mayNot !== undefined && (
        <Text size="sm" c="dimmed">
          {mayNot}
        </Text>
      )}
      {request.conflict && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title="Something was changed since">
          <Text size="sm">
            {request.kind === 'flag' && request.currentVersion !== request.baseVersion
              ? `This was made from version ${request.baseVersion}, the flag is at ${request.currentVersion} now.`
              : 'A segment or a unit on which it depends is another one now.'}{' '}
            Asked anew, it replaces what is there now, and must be approved again.
          </Text>
          <GuardedButton
            whyNot={mayNot}
            mt="xs"
            size="xs"
            variant="default"
            loading={renew.isPending}
            onClick={() => renew.mutate(null)}
          >
            Ask anew
          </GuardedButton>
        </Alert>
      )}
      {request.problem !== null && (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title="It was not applied at its time">
          {request.problem}
        </Alert>
      )}
      {error && <ErrorAlert error={error} />}
      <Group gap="xs">
        <GuardedButton whyNot={mayNot ?? whyNotNow} loading={apply.isPending} onClick={() => apply.mutate(null)}>
          Apply now
        </GuardedButton>
        <GuardedButton whyNot={mayNot} variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(null)}>
          Cancel the request
        </GuardedButton>
      </Group>
      <Schedule project={project} request={request} mayNot={mayNot} />
      {!approved && !request.conflict && <BreakGlass project={project} request={request} mayNot={mayNot} />}
    </Panel>
  )
}
