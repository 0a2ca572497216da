import { Anchor, Button, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { createApi } from '../../shared/api.tsx'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'

interface Props {
  /** Shown at once: there is no other way in yet. */
  readonly open: boolean
  readonly onToken: (token: string) => void
}

/** Asks for the admin token of a server that has one, and tries it. */
export function TokenForm({ open, onToken }: Props) {
  const [shown, setShown] = useState(open)
  const [token, setToken] = useState('')
  const attempt = useMutation({
    mutationFn: () => createApi(token).client.listProjects(),
    onSuccess: () => onToken(token),
  })
  if (!shown) {
    return (
      <Anchor component="button" type="button" size="sm" onClick={() => setShown(true)}>
        Use the admin token
      </Anchor>
    )
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        attempt.mutate()
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          The admin token is the text in the server's setting DIMMER_ADMIN_TOKEN.
        </Text>
        <PasswordInput
          label="Admin token"
          required
          autoComplete="off"
          value={token}
          onChange={event => setToken(event.currentTarget.value)}
        />
        {attempt.error !== null && <ErrorAlert error={attempt.error} title="Not signed in" />}
        <Button type="submit" variant="default" loading={attempt.isPending} disabled={token === ''}>
          Sign in with the token
        </Button>
      </Stack>
    </form>
  )
}
