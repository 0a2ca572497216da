import { AdminApiError, type AdminClient, type ChangeRequestView } from '@dimmer/protocol'
import { Button, Group, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { ButtonLink } from '../../shared/ui/links.tsx'

interface Props {
  readonly project: string
  /** Makes the request; the title says what it is for. */
  readonly ask: (api: AdminClient, title: string) => Promise<ChangeRequestView>
  /** Why the change itself was refused; shows nothing unless others must approve it. */
  readonly error: Error | null
}

/** Where a change needs approval: makes a request of it, in place of saving it. */
export function RequestInstead(props: Props) {
  const needed = props.error instanceof AdminApiError && props.error.code === 'approval-needed'
  return needed ? <RequestForm {...props} /> : null
}

function RequestForm({ project, ask }: Props) {
  const api = useApi()
  const [title, setTitle] = useState('')
  const request = useMutation({ mutationFn: () => ask(api, title) })
  if (request.data !== undefined) {
    return (
      <ButtonLink to="/p/$project/changes/$request" params={{ project, request: request.data.id }} variant="default">
        See the change request
      </ButtonLink>
    )
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        request.mutate()
      }}
    >
      <Group align="flex-end" gap="xs">
        <TextInput
          flex="1 1 200px"
          label="What it is for"
          description="For those who approve it"
          required
          value={title}
          onChange={event => setTitle(event.currentTarget.value)}
        />
        <Button type="submit" loading={request.isPending} disabled={title.trim() === ''}>
          Request change
        </Button>
      </Group>
      {request.error !== null && <ErrorAlert error={request.error} />}
    </form>
  )
}
