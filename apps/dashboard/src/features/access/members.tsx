import type { MemberView, ProjectView, SessionView } from '@dimmer/protocol'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { NothingYet, RowList } from '../../shared/ui/row-list.tsx'
import { membersQuery } from './access-queries.ts'
import { InviteForm } from './invite-form.tsx'
import { MemberRow } from './member-row.tsx'
import { PendingInvitations } from './people/pending-invitations.tsx'
import { useSession, useWhyNot } from './session.ts'

interface Props {
  readonly project: ProjectView
}

function whyLocked(session: SessionView | undefined, member: MemberView, mayNot: string | undefined) {
  if (mayNot !== undefined) return mayNot
  if (session?.person?.id === member.id) return 'This is you; another admin changes your role.'
  return member.everywhere ? 'This role holds in all projects.' : undefined
}

/** Who is in the project, with which role; and how others get in. */
export function Members({ project }: Props) {
  const { key, environments } = project
  const query = useQuery(membersQuery(useApi(), key))
  const session = useSession()
  const mayNot = useWhyNot('member:manage', { project: key })
  return (
    <>
      {mayNot === undefined && (
        <>
          <Panel title="Invite somebody">
            <InviteForm project={key} environments={environments} />
          </Panel>
          <PendingInvitations projects={[project]} />
        </>
      )}
      <Panel flush title="Members">
        <Loaded query={query}>
          {members =>
            members.length === 0 ? (
              <NothingYet>Nobody has an account yet.</NothingYet>
            ) : (
              <RowList label="Members">
                {members.map(member => (
                  <MemberRow
                    key={member.id}
                    project={key}
                    environments={environments}
                    member={member}
                    locked={whyLocked(session, member, mayNot)}
                  />
                ))}
              </RowList>
            )
          }
        </Loaded>
      </Panel>
    </>
  )
}
