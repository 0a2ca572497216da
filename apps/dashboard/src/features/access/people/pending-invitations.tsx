import type { InvitationView, ProjectView } from '@dimmer/protocol'
import { Button, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useApi } from '../../../shared/api.tsx'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { Panel } from '../../../shared/ui/panel.tsx'
import { ListRow, RowList } from '../../../shared/ui/row-list.tsx'
import { TimeAgo } from '../../../shared/ui/time-ago.tsx'
import { invitationsQuery } from '../access-queries.ts'
import { useAccountAct } from './use-account-act.ts'

interface RowProps {
  readonly where: string
  readonly project: ProjectView
  readonly invitation: InvitationView
}

function InvitationRow({ project, where, invitation }: RowProps) {
  const { id, email, role, invitedBy, expiresAt } = invitation
  const withdraw = useAccountAct((api, one: string) => api.withdrawInvitation(project.key, one))
  return (
    <ListRow>
      <Text size="sm">
        <strong>{email}</strong> as {role}
        {where}, by {invitedBy}; the link ends <TimeAgo at={expiresAt} />
      </Text>
      <Button
        size="xs"
        variant="default"
        aria-label={`Take back the invitation of ${email}`}
        loading={withdraw.isPending}
        onClick={() => withdraw.mutate(id)}
      >
        Take back
      </Button>
      {withdraw.error !== null && <ErrorAlert error={withdraw.error} />}
    </ListRow>
  )
}

/** Who was invited, to any project, and has not come yet. */
export function PendingInvitations({ projects }: { readonly projects: readonly ProjectView[] }) {
  const api = useApi()
  const rows = useQueries({
    queries: projects.map(({ key }) => invitationsQuery(api, key)),
    combine: results =>
      results.flatMap(({ data = [] }, index) => {
        const project = projects[index]
        const where = project === undefined || projects.length === 1 ? '' : ` in ${project.name}`
        return project === undefined ? [] : data.map(invitation => ({ project, where, invitation }))
      }),
  })
  if (rows.length === 0) return null
  return (
    <Panel flush title="Invited, not here yet">
      <RowList label="Invitations">
        {rows.map(row => (
          <InvitationRow key={row.invitation.id} {...row} />
        ))}
      </RowList>
    </Panel>
  )
}
