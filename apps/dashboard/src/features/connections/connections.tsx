import type { NewConnection } from '@dimmer/protocol'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { IconPlus } from '../../shared/ui/icons.ts'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { NothingYet, RowList } from '../../shared/ui/row-list.tsx'
import { useWhyNot } from '../access/index.ts'
import { useScope } from '../projects/index.ts'
import { connectionsQuery } from './connection-queries.ts'
import { ConnectionRow } from './connection-row.tsx'
import { CreateConnectionDialog } from './create-connection-dialog.tsx'
import { NewConnectionCard } from './new-connection-card.tsx'

/** What an environment is connected to, and how each of them is. */
export function Connections() {
  const { project, environment } = useScope()
  const place = { project: project.key, environment: environment.key }
  const query = useQuery(connectionsQuery(useApi(), place))
  const whyNot = useWhyNot('project:manage', place)
  const [opened, { open, close }] = useDisclosure(false)
  const [created, setCreated] = useState<NewConnection | undefined>(undefined)
  return (
    <>
      {created !== undefined && <NewConnectionCard connection={created} onClose={() => setCreated(undefined)} />}
      <Panel
        flush
        title={`Connected to ${environment.name}`}
        actions={
          <GuardedButton whyNot={whyNot} size="xs" leftSection={<IconPlus size={16} />} onClick={open}>
            Connect
          </GuardedButton>
        }
      >
        <Loaded query={query}>
          {connections =>
            connections.length === 0 ? (
              <NothingYet>
                Nothing yet. Connect a support desk or Prometheus, and rollouts are judged by what they say; connect an
                analytics tool, and it learns who has which variant.
              </NothingYet>
            ) : (
              <RowList label="Connections">
                {connections.map(connection => (
                  <ConnectionRow key={connection.key} place={place} connection={connection} />
                ))}
              </RowList>
            )
          }
        </Loaded>
      </Panel>
      <CreateConnectionDialog
        place={place}
        opened={opened}
        onClose={close}
        onCreated={connection => {
          close()
          setCreated(connection)
        }}
      />
    </>
  )
}
