import type { AuditSearch } from '@dimmer/protocol'
import { Box, Button, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import classes from './audit.module.css'
import { AuditEntry } from './audit-entry.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { auditQuery } from './audit-queries.ts'

interface Props {
  readonly project: string
  readonly environments: readonly string[]
}

/** While somebody types, the server is not asked. */
const SETTLE_MS = 300

/** The log of a project, to search and to take along. */
export function AuditLog({ project, environments }: Props) {
  const api = useApi()
  const [search, setSearch] = useState<AuditSearch>({})
  const [settled] = useDebouncedValue(search, SETTLE_MS)
  const query = useInfiniteQuery({ ...auditQuery(api, project, settled), placeholderData: keepPreviousData })
  return (
    <>
      <Panel>
        <AuditFilters search={search} environments={environments} onChange={setSearch} />
      </Panel>
      <Panel
        flush
        title="Entries"
        actions={
          <Button component="a" size="xs" variant="default" href={api.auditExportPath(project, settled)} download>
            Export as JSON lines
          </Button>
        }
      >
        <Loaded query={query}>
          {({ pages }) => (
            <ul className={classes.list} aria-label="Audit log">
              {pages
                .flatMap(({ entries }) => entries)
                .map(entry => (
                  <AuditEntry key={entry.seq} project={project} entry={entry} />
                ))}
            </ul>
          )}
        </Loaded>
        <Box px="md" pb="md" pt="xs">
          {query.data?.pages[0]?.entries.length === 0 && (
            <Text size="sm" c="dimmed">
              Nothing that fits.
            </Text>
          )}
          {query.hasNextPage && (
            <Button variant="default" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
              Earlier entries
            </Button>
          )}
        </Box>
      </Panel>
    </>
  )
}
