import type { ListDifference, SegmentRequestView } from '@dimmer/protocol'
import { List, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { count, counted } from '../../shared/format/number.ts'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { useWhyNot } from '../access/index.ts'
import { isWaiting, requestForecastQuery } from '../approvals/index.ts'
import { ConfigDiffView } from '../flags/index.ts'
import { reachWords, segmentDiff } from './segment-words.ts'

interface Props {
  readonly project: string
  readonly request: SegmentRequestView
}

function Ids({
  words,
  ids,
  total,
}: {
  readonly words: string
  readonly ids: readonly string[]
  readonly total: number
}) {
  if (total === 0) return null
  return (
    <Text size="sm">
      {words} {counted(total, 'id')}
      {ids.length > 0 && `: ${ids.join(', ')}`}
      {ids.length > 0 && total > ids.length && ` and ${count(total - ids.length)} more`}
    </Text>
  )
}

function ListChange({ list }: { readonly list: ListDifference }) {
  return (
    <Stack gap={2}>
      <Text size="xs" fw={600} c="dimmed">
        {list.of === 'list' ? 'The list' : 'The list of those who are never in it'}
      </Text>
      <Ids words="Gains" ids={list.addedIds} total={list.added} />
      <Ids words="Loses" ids={list.removedIds} total={list.removed} />
    </Stack>
  )
}

function Reach({ project, request }: Props) {
  const mayNot = useWhyNot('directory:read', { project })
  const query = useQuery({ ...requestForecastQuery(useApi(), project, request.id), enabled: mayNot === undefined })
  if (mayNot !== undefined) {
    return (
      <Text size="sm" c="dimmed">
        {mayNot}
      </Text>
    )
  }
  return (
    <Loaded query={query} lines={1} lineHeight={28}>
      {({ flags, more }) => (
        <>
          {flags.length === 0 && <Text size="sm">No flag uses it yet: nobody gains or loses anything.</Text>}
          <List size="sm" aria-label="Who gains and loses" spacing={4}>
            {flags.map(one => (
              <List.Item key={`${one.environment} ${one.flag}`}>{reachWords(one)}</List.Item>
            ))}
            {more > 0 && <List.Item>And {counted(more, 'more flag')}.</List.Item>}
          </List>
        </>
      )}
    </Loaded>
  )
}

/** What a request changes in a segment, and who gains and loses by it. */
export function SegmentChanges({ project, request }: Props) {
  return (
    <>
      <Panel title="What changes" description="In every environment at once.">
        <ConfigDiffView differences={segmentDiff(request.before, request.after)} />
        {request.lists.map(list => (
          <ListChange key={list.of} list={list} />
        ))}
      </Panel>
      {isWaiting(request) && (
        <Panel title="Forecast" description="By the accounts and users that are known now, flag by flag.">
          <Reach project={project} request={request} />
        </Panel>
      )}
    </>
  )
}
