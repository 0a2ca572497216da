import { Button, Center, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { createApi } from '../../shared/api.tsx'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { Logo } from '../shell/logo.tsx'

/** Asks for the admin token of a server that has one, and tries it. */
export function SignIn({ onToken }: { readonly onToken: (token: string) => void }) {
  const [token, setToken] = useState('')
  const attempt = useMutation({
    mutationFn: () => createApi(token).client.listProjects(),
    onSuccess: () => onToken(token),
  })
  return (
    <Center mih="100dvh" p="md" bg="var(--dimmer-canvas)">
      <Paper withBorder radius="lg" p="lg" maw={400} w="100%">
        <form
          onSubmit={event => {
            event.preventDefault()
            attempt.mutate()
          }}
        >
          <Stack gap="md">
            <Logo />
            <Title order={1}>Sign in</Title>
            <Text size="sm" c="dimmed">
              This server asks for its admin token, the text in its setting DIMMER_ADMIN_TOKEN.
            </Text>
            <PasswordInput
              label="Admin token"
              required
              autoComplete="current-password"
              data-autofocus
              value={token}
              onChange={event => setToken(event.currentTarget.value)}
            />
            {attempt.error !== null && <ErrorAlert error={attempt.error} title="Not signed in" />}
            <Button type="submit" loading={attempt.isPending} disabled={token === ''}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  )
}
