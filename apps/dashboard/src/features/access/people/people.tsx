import type { ProjectView } from '@dimmer/protocol'
import { NativeSelect, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { counted } from '../../../shared/format/number.ts'
import { IconSearch } from '../../../shared/ui/icons.ts'
import { Loaded } from '../../../shared/ui/loaded.tsx'
import { Panel } from '../../../shared/ui/panel.tsx'
import { NothingYet, RowList } from '../../../shared/ui/row-list.tsx'
import { peopleQuery } from '../access-queries.ts'
import { InviteForm } from '../invite-form.tsx'
import { useSession } from '../session.ts'
import { AccountRow } from './account-row.tsx'
import { PendingInvitations } from './pending-invitations.tsx'
import { filterPeople, whyAccountLocked } from './people-words.ts'

interface Props {
  readonly projects: readonly ProjectView[]
  /** The one that an invitation is for unless another is chosen. */
  readonly current: ProjectView
}

function Invite({ projects, current }: Props) {
  const [key, setKey] = useState(current.key)
  const project = projects.find(one => one.key === key) ?? current
  return (
    <Panel title="Invite somebody">
      {projects.length > 1 && (
        <NativeSelect
          label="To the project"
          maw={320}
          data={projects.map(({ key: value, name: label }) => ({ value, label }))}
          value={project.key}
          onChange={event => setKey(event.currentTarget.value)}
        />
      )}
      <InviteForm key={project.key} project={project.key} environments={project.environments} />
    </Panel>
  )
}

function Accounts() {
  const session = useSession()
  const query = useQuery(peopleQuery(useApi()))
  const [text, setText] = useState('')
  return (
    <Panel
      flush
      title="Accounts"
      description={query.data && counted(query.data.length, 'account')}
      actions={
        <TextInput
          aria-label="Find people"
          placeholder="Name, e-mail or project"
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
      }
    >
      <Loaded query={query}>
        {people => {
          const found = filterPeople(people, text)
          if (people.length === 0) return <NothingYet>Nobody has an account yet. Invite somebody above.</NothingYet>
          if (found.length === 0) return <NothingYet>Nobody fits “{text.trim()}”.</NothingYet>
          return (
            <RowList label="Accounts">
              {found.map(account => (
                <AccountRow key={account.id} account={account} locked={whyAccountLocked(session, account)} />
              ))}
            </RowList>
          )
        }}
      </Loaded>
    </Panel>
  )
}

/** Everybody who has an account here, for admins of all projects. Others are told whom to ask. */
export function People(props: Props) {
  const session = useSession()
  if (session === undefined) return null
  if (!session.manages) {
    return (
      <Panel>
        <Text size="sm">
          Only admins of all projects see every account. Who is in this project is on the page Members.
        </Text>
      </Panel>
    )
  }
  return (
    <>
      <Invite {...props} />
      <PendingInvitations projects={props.projects} />
      <Accounts />
    </>
  )
}
