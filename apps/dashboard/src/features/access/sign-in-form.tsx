import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'

/** E-mail address and password. */
export function SignInForm({ onDone }: { readonly onDone: () => void }) {
  const api = useApi()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const attempt = useMutation({ mutationFn: () => api.signIn({ email, password }), onSuccess: onDone })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        attempt.mutate()
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="E-mail"
          type="email"
          required
          autoComplete="username"
          value={email}
          onChange={event => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          required
          autoComplete="current-password"
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
        />
        {attempt.error !== null && <ErrorAlert error={attempt.error} title="Not signed in" />}
        <Button type="submit" loading={attempt.isPending} disabled={email === '' || password === ''}>
          Sign in
        </Button>
      </Stack>
    </form>
  )
}
