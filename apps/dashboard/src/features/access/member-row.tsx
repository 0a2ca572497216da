import { type MemberView, ROLES, type Role } from '@dimmer/protocol'
import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { ConfirmModal } from '../../shared/ui/confirm-modal.tsx'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { ListRow } from '../../shared/ui/row-list.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { DisabledBadge } from './people/disabled-badge.tsx'
import { asRole } from './roles.ts'

interface Props {
  readonly project: string
  readonly environments: readonly { readonly key: string; readonly name: string }[]
  readonly member: MemberView
  /** Why the person at the screen can't change this member; undefined if they can. */
  readonly locked: string | undefined
}

const SAME = 'the same'

function useSetRole(project: string, member: MemberView) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (role: { role: Role; environments: Readonly<Record<string, Role>> }) =>
      api.setMember(project, member.id, role),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.members(project) }),
  })
}

function Remove({ project, member, locked }: Omit<Props, 'environments'>) {
  const api = useApi()
  const queries = useQueryClient()
  const [opened, { open, close }] = useDisclosure(false)
  const remove = useMutation({
    mutationFn: () => api.removeMember(project, member.id),
    onSuccess: () => {
      close()
      void queries.invalidateQueries({ queryKey: queryKeys.members(project) })
    },
  })
  return (
    <>
      <Button size="xs" variant="default" disabled={locked !== undefined} onClick={open}>
        Remove
      </Button>
      <ConfirmModal
        opened={opened}
        onClose={close}
        title={`Remove ${member.name} from the project?`}
        sentences={['Their open pages of this project end within a second. Their account stays.']}
        confirmLabel="Remove"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
      />
    </>
  )
}

/** One member: who, which role where, and out. */
export function MemberRow({ project, environments, member, locked }: Props) {
  const save = useSetRole(project, member)
  const { role, environments: refined } = save.variables && save.isPending ? save.variables : member
  const refine = (environment: string, text: string) => {
    const { [environment]: _before, ...rest } = refined
    const other = asRole(text)
    save.mutate({ role, environments: other === undefined ? rest : { ...rest, [environment]: other } })
  }
  return (
    <ListRow>
      <Stack gap={0} flex="1 1 200px">
        <Group gap="xs">
          <Text fw={600}>{member.name}</Text>
          {member.disabledAt !== null && <DisabledBadge />}
        </Group>
        <Text size="sm" c="dimmed">
          {member.email} ·{' '}
          {member.lastSeenAt === null ? (
            'not seen yet'
          ) : (
            <>
              seen <TimeAgo at={member.lastSeenAt} />
            </>
          )}
        </Text>
        {locked !== undefined && (
          <Text size="xs" c="dimmed">
            {locked}
          </Text>
        )}
      </Stack>
      <Group gap="xs" align="flex-end">
        <NativeSelect
          size="xs"
          label="Role"
          aria-label={`Role of ${member.name}`}
          disabled={locked !== undefined}
          data={[...ROLES]}
          value={role}
          onChange={event => save.mutate({ role: asRole(event.currentTarget.value) ?? role, environments: refined })}
        />
        {environments.map(({ key, name }) => (
          <NativeSelect
            key={key}
            size="xs"
            label={`In ${name}`}
            disabled={locked !== undefined}
            data={[SAME, ...ROLES]}
            value={refined[key] ?? SAME}
            onChange={event => refine(key, event.currentTarget.value)}
          />
        ))}
        <Remove project={project} member={member} locked={locked} />
      </Group>
      {save.error !== null && <ErrorAlert error={save.error} title="The role was not changed" />}
    </ListRow>
  )
}
