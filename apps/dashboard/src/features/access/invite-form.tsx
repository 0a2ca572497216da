import { ROLES, type Role } from '@dimmer/protocol'
import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { SecretCard } from '../../shared/ui/secret-card.tsx'
import { asRole, ROLE_WORDS } from './roles.ts'
import { welcomeLink } from './welcome-link.ts'

interface Props {
  readonly project: string
  readonly environments: readonly { readonly key: string; readonly name: string }[]
}

const SAME = 'the same'

/** Makes a link that lets somebody in, with a role, and where wanted another one in an environment. */
export function InviteForm({ project, environments }: Props) {
  const api = useApi()
  const queries = useQueryClient()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('engineer')
  const [refined, setRefined] = useState<Readonly<Record<string, Role>>>({})
  const invite = useMutation({
    mutationFn: () => api.invite(project, { email, role, environments: refined }),
    onSuccess: () => {
      setEmail('')
      void queries.invalidateQueries({ queryKey: queryKeys.project(project) })
      void queries.invalidateQueries({ queryKey: queryKeys.people })
    },
  })
  const refine = (environment: string, text: string) => {
    const { [environment]: _before, ...rest } = refined
    const other = asRole(text)
    setRefined(other === undefined ? rest : { ...rest, [environment]: other })
  }
  const { token, member } = invite.data ?? {}
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        invite.mutate()
      }}
    >
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <TextInput
            label="E-mail"
            type="email"
            required
            flex="1 1 200px"
            value={email}
            onChange={event => setEmail(event.currentTarget.value)}
          />
          <NativeSelect
            label="Role"
            flex="1 1 120px"
            data={[...ROLES]}
            value={role}
            onChange={event => setRole(asRole(event.currentTarget.value) ?? role)}
          />
          {environments.map(({ key, name }) => (
            <NativeSelect
              key={key}
              label={`In ${name}`}
              flex="1 1 120px"
              data={[SAME, ...ROLES]}
              value={refined[key] ?? SAME}
              onChange={event => refine(key, event.currentTarget.value)}
            />
          ))}
          <Button type="submit" loading={invite.isPending} disabled={email === ''}>
            Invite
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {role}: {ROLE_WORDS[role]}
        </Text>
        {invite.error !== null && <ErrorAlert error={invite.error} title="Nobody was invited" />}
        {token != null && (
          <SecretCard
            title="The invitation is ready"
            text="Send this link to the person. It works once, for a week, and is not shown again."
            secret={welcomeLink(token)}
            copyLabel="Copy link"
            onClose={invite.reset}
          />
        )}
        {member != null && `${member.name} has an account already and is a member now.`}
      </Stack>
    </form>
  )
}
