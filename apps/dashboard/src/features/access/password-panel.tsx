import { Button, Group, PasswordInput, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { Panel } from '../../shared/ui/panel.tsx'

/** Changes the password, which signs out everywhere else. */
export function PasswordPanel() {
  const api = useApi()
  const queries = useQueryClient()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const change = useMutation({
    mutationFn: () => api.changePassword({ current, password }),
    onSuccess: () => {
      setCurrent('')
      setPassword('')
      void queries.invalidateQueries({ queryKey: queryKeys.mySessions })
    },
  })
  return (
    <Panel title="Password">
      <form
        onSubmit={event => {
          event.preventDefault()
          change.mutate()
        }}
      >
        <Group align="flex-end" gap="sm">
          <PasswordInput
            label="Current"
            required
            autoComplete="current-password"
            flex="1 1 180px"
            value={current}
            onChange={event => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label="New"
            required
            minLength={10}
            autoComplete="new-password"
            flex="1 1 180px"
            value={password}
            onChange={event => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={change.isPending} disabled={current === '' || password === ''}>
            Change
          </Button>
        </Group>
      </form>
      {change.error !== null && <ErrorAlert error={change.error} title="The password was not changed" />}
      <Text size="sm" c="dimmed" role="status">
        {change.isSuccess
          ? 'The password is changed, and you are signed out everywhere else.'
          : '10 characters or more. Changing it signs you out everywhere else.'}
      </Text>
    </Panel>
  )
}
