import type { MemberView, SessionView } from '@dimmer/protocol'
import { Button, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import classes from './access.module.css'
import { invitationsQuery, membersQuery } from './access-queries.ts'
import { InviteForm } from './invite-form.tsx'
import { MemberRow } from './member-row.tsx'
import { useSession, useWhyNot } from './session.ts'

interface Props {
  readonly project: string
  readonly environments: readonly { readonly key: string; readonly name: string }[]
}

function whyLocked(session: SessionView | undefined, member: MemberView, mayNot: string | undefined) {
  if (mayNot !== undefined) return mayNot
  if (session?.person?.id === member.id) return 'This is you; another admin changes your role.'
  return member.everywhere ? 'This role holds in all projects.' : undefined
}

function Invitations({ project }: { readonly project: string }) {
  const api = useApi()
  const queries = useQueryClient()
  const query = useQuery(invitationsQuery(api, project))
  const withdraw = useMutation({
    mutationFn: (id: string) => api.withdrawInvitation(project, id),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.invitations(project) }),
  })
  if (query.data === undefined || query.data.length === 0) return null
  return (
    <Panel flush title="Invited, not here yet">
      <ul className={classes.list}>
        {query.data.map(({ id, email, role, invitedBy, expiresAt }) => (
          <li key={id} className={classes.row}>
            <Text size="sm">
              <strong>{email}</strong> as {role}, by {invitedBy}; the link ends <TimeAgo at={expiresAt} />
            </Text>
            <Button size="xs" variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate(id)}>
              Take back
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** Who is in the project, with which role; and how others get in. */
export function Members({ project, environments }: Props) {
  const query = useQuery(membersQuery(useApi(), project))
  const session = useSession()
  const mayNot = useWhyNot('member:manage', { project })
  return (
    <>
      {mayNot === undefined && (
        <>
          <Panel title="Invite somebody">
            <InviteForm project={project} environments={environments} />
          </Panel>
          <Invitations project={project} />
        </>
      )}
      <Panel flush title="Members">
        <Loaded query={query}>
          {members =>
            members.length === 0 ? (
              <Text size="sm" c="dimmed" px="md" pb="md">
                Nobody has an account yet.
              </Text>
            ) : (
              <ul className={classes.list} aria-label="Members">
                {members.map(member => (
                  <MemberRow
                    key={member.id}
                    project={project}
                    environments={environments}
                    member={member}
                    locked={whyLocked(session, member, mayNot)}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
    </>
  )
}
