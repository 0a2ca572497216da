import type { LinkView } from '@dimmer/protocol'
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { ErrorAlert, fieldError, withoutFields } from '../../shared/ui/error-alert.tsx'

interface Props {
  /** Undefined: the first account, out of the local session. */
  readonly link: { readonly token: string; readonly view: LinkView } | undefined
  readonly onDone: () => void
}

const FIELDS = ['email', 'name', 'password']

/** Name and password of a new account, or a new password. */
export function WelcomeForm({ link, onDone }: Props) {
  const api = useApi()
  const [email, setEmail] = useState(link?.view.email ?? '')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const isNew = link?.view.kind !== 'password'
  const save = useMutation({
    mutationFn: () => {
      if (link === undefined) return api.setUp({ email, name, password })
      return api.takeLink(isNew ? { token: link.token, email, name, password } : { token: link.token, password })
    },
    onSuccess: onDone,
  })
  const error = withoutFields(save.error, FIELDS)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="E-mail"
          type="email"
          required
          autoComplete="username"
          readOnly={link?.view.email != null}
          value={email}
          error={fieldError(save.error, 'email')}
          onChange={event => setEmail(event.currentTarget.value)}
        />
        {isNew && (
          <TextInput
            label="Name"
            description="So that others see who changed what."
            required
            autoComplete="name"
            value={name}
            error={fieldError(save.error, 'name')}
            onChange={event => setName(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label="Password"
          description="10 characters or more. A few words do well."
          required
          minLength={10}
          autoComplete="new-password"
          value={password}
          error={fieldError(save.error, 'password')}
          onChange={event => setPassword(event.currentTarget.value)}
        />
        {error !== null && <ErrorAlert error={error} />}
        <Button type="submit" loading={save.isPending}>
          {isNew ? 'Create account' : 'Set password'}
        </Button>
      </Stack>
    </form>
  )
}
