import { type AccountView, ROLES, type Role } from '@dimmer/protocol'
import { Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { ConfirmModal } from '../../../shared/ui/confirm-modal.tsx'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { GuardedButton } from '../../../shared/ui/guarded.tsx'
import { TextLink } from '../../../shared/ui/links.tsx'
import { ListRow } from '../../../shared/ui/row-list.tsx'
import { SecretCard } from '../../../shared/ui/secret-card.tsx'
import { TimeAgo } from '../../../shared/ui/time-ago.tsx'
import { asRole } from '../roles.ts'
import { useSession } from '../session.ts'
import { welcomeLink } from '../welcome-link.ts'
import { DisabledBadge } from './disabled-badge.tsx'
import { disablingSentences, removalSentences, waysIn } from './people-words.ts'
import { useAccountAct } from './use-account-act.ts'

interface Props {
  readonly account: AccountView
  /** Why the person at the screen can't change it; undefined if they can. */
  readonly locked: string | undefined
}

const NONE = 'none'

function Remove({ account, locked }: Props) {
  const [opened, { open, close }] = useDisclosure(false)
  const remove = useAccountAct((api, id: string) => api.removePerson(id))
  return (
    <>
      <GuardedButton whyNot={locked} size="xs" variant="default" aria-label={`Remove ${account.name}`} onClick={open}>
        Remove
      </GuardedButton>
      <ConfirmModal
        opened={opened}
        onClose={close}
        title={`Remove the account of ${account.name}?`}
        sentences={removalSentences(account)}
        confirmLabel="Remove account"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(account.id, { onSuccess: close })}
      />
    </>
  )
}

/** Closes the account for a while, or opens it again. */
function Closing({ account, locked }: Props) {
  const [opened, { open, close }] = useDisclosure(false)
  const disable = useAccountAct((api, id: string) => api.disablePerson(id))
  const enable = useAccountAct((api, id: string) => api.enablePerson(id))
  if (account.disabledAt !== null) {
    return (
      <>
        <GuardedButton
          whyNot={locked}
          size="xs"
          variant="default"
          aria-label={`Enable ${account.name}`}
          loading={enable.isPending}
          onClick={() => enable.mutate(account.id)}
        >
          Enable
        </GuardedButton>
        {enable.error !== null && <ErrorAlert error={enable.error} title="Not enabled" />}
      </>
    )
  }
  return (
    <>
      <GuardedButton whyNot={locked} size="xs" variant="default" aria-label={`Disable ${account.name}`} onClick={open}>
        Disable
      </GuardedButton>
      <ConfirmModal
        opened={opened}
        onClose={close}
        title={`Disable the account of ${account.name}?`}
        sentences={disablingSentences(account)}
        confirmLabel="Disable account"
        danger
        busy={disable.isPending}
        error={disable.error}
        onConfirm={() => disable.mutate(account.id, { onSuccess: close })}
      />
    </>
  )
}

function Projects({ projects, everywhere }: Pick<AccountView, 'projects' | 'everywhere'>) {
  if (projects.length === 0) return everywhere === null ? 'in no project' : 'in all projects'
  return (
    <>
      in{' '}
      {projects.map((project, index) => (
        <span key={project}>
          {index > 0 && ', '}
          <TextLink to="/p/$project/members" params={{ project }} search={{}} inherit>
            {project}
          </TextLink>
        </span>
      ))}
    </>
  )
}

function Who({ account, locked }: Props) {
  const { name, email, projects, everywhere, lastSeenAt, disabledAt } = account
  return (
    <Stack gap={0} flex="1 1 280px">
      <Group gap="xs">
        <Text fw={600}>{name}</Text>
        {disabledAt !== null && <DisabledBadge />}
      </Group>
      <Text size="sm" c="dimmed">
        {email} · {waysIn(account)}
      </Text>
      <Text size="sm" c="dimmed">
        <Projects projects={projects} everywhere={everywhere} /> ·{' '}
        {lastSeenAt === null ? (
          'not seen yet'
        ) : (
          <>
            seen <TimeAgo at={lastSeenAt} />
          </>
        )}
      </Text>
      {locked !== undefined && (
        <Text size="xs" c="dimmed">
          {locked}
        </Text>
      )}
    </Stack>
  )
}

/** One account: who, in which projects, the role in all of them, a new password, closed or open, and out. */
export function AccountRow(props: Props) {
  const { account, locked } = props
  const noPasswords = useSession()?.signIn.password === false ? 'Nobody signs in with a password here.' : undefined
  const save = useAccountAct((api, role: Role | null) => api.setEverywhereRole(account.id, role))
  const link = useAccountAct((api, id: string) => api.makePasswordLink(id))
  const role = save.isPending ? save.variables : account.everywhere
  return (
    <ListRow>
      <Who {...props} />
      <Group gap="xs" align="flex-end">
        <NativeSelect
          size="xs"
          label="In all projects"
          aria-label={`Role of ${account.name} in all projects`}
          disabled={locked !== undefined}
          data={[NONE, ...ROLES]}
          value={role ?? NONE}
          onChange={event => save.mutate(asRole(event.currentTarget.value) ?? null)}
        />
        <GuardedButton
          whyNot={account.disabledAt === null ? noPasswords : 'The account is disabled; enable it first.'}
          size="xs"
          variant="default"
          aria-label={`New password for ${account.name}`}
          loading={link.isPending}
          onClick={() => link.mutate(account.id)}
        >
          New password
        </GuardedButton>
        <Closing {...props} />
        <Remove {...props} />
      </Group>
      {save.error !== null && <ErrorAlert error={save.error} title="The role was not changed" />}
      {link.error !== null && <ErrorAlert error={link.error} title="No link was made" />}
      {link.data !== undefined && (
        <SecretCard
          title={`A link for ${account.name} is ready`}
          text="Whoever opens it chooses a new password for this account. It works once, for a day, and is not shown again."
          secret={welcomeLink(link.data.token)}
          copyLabel="Copy link"
          onClose={link.reset}
        />
      )}
    </ListRow>
  )
}
