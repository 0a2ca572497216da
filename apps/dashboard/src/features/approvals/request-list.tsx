import type { ChangeRequestView } from '@dimmer/protocol'
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { TextLink } from '../../shared/ui/links.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { ListRow, NothingYet, RowList } from '../../shared/ui/row-list.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { ToneBadge } from '../../shared/ui/tone-badge.tsx'
import { changeRequestsQuery } from './approval-queries.ts'
import { standingOf, subjectOf } from './request-words.ts'

function RequestRow({ project, request }: { readonly project: string; readonly request: ChangeRequestView }) {
  const { tone, word } = standingOf(request)
  return (
    <ListRow>
      <div>
        <TextLink to="/p/$project/changes/$request" params={{ project, request: request.id }} fw={600}>
          {request.title}
        </TextLink>
        <Text size="sm" c="dimmed">
          {subjectOf(request)}, by {request.author.name}, <TimeAgo at={request.createdAt} />
        </Text>
      </div>
      <ToneBadge tone={tone}>{word}</ToneBadge>
    </ListRow>
  )
}

/** The change requests of a project: those that wait first. */
export function RequestList({ project }: { readonly project: string }) {
  const query = useQuery(changeRequestsQuery(useApi(), project))
  const waits = ({ status }: ChangeRequestView) => Number(status === 'open' || status === 'rejected')
  return (
    <Panel flush title="Change requests">
      <Loaded query={query}>
        {requests =>
          requests.length === 0 ? (
            <NothingYet>None yet. Where a change needs approval, saving it offers to make a request of it.</NothingYet>
          ) : (
            <RowList label="Change requests">
              {requests
                .toSorted((a, b) => waits(b) - waits(a))
                .map(request => (
                  <RequestRow key={request.id} project={project} request={request} />
                ))}
            </RowList>
          )
        }
      </Loaded>
    </Panel>
  )
}
