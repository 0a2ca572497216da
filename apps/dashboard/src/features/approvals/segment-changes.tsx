import type { ListDifference, SegmentRequestView } from '@dimmer/protocol'
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { counted } from '../../shared/format/number.ts'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { requestForecastQuery } from './approval-queries.ts'
import classes from './approvals.module.css'
import { isWaiting } from './request-words.ts'

interface Props {
  readonly project: string
  readonly request: SegmentRequestView
}

function ListChange({ list }: { readonly list: ListDifference }) {
  const named = (count: number, ids: readonly string[]) =>
    ids.length === 0 ? '' : `: ${ids.join(', ')}${count > ids.length ? ', …' : ''}`
  return (
    <li className={classes.row}>
      <Text size="sm">
        {list.of === 'list' ? 'The list' : 'The list of exceptions'} gains {counted(list.added, 'id')}
        {named(list.added, list.addedIds)}; it loses {counted(list.removed, 'id')}
        {named(list.removed, list.removedIds)}.
      </Text>
    </li>
  )
}

function Forecasts({ project, request }: Props) {
  const query = useQuery(requestForecastQuery(useApi(), project, request.id))
  return (
    <Loaded query={query}>
      {({ flags, more }) => (
        <ul className={classes.list} aria-label="Who gains and loses">
          {flags.map(({ flag, environment, forecast }) => (
            <li key={`${environment} ${flag}`} className={classes.row}>
              <Text size="sm">
                {flag} in {environment}: {counted(forecast.accounts.gains.count, 'account')} more,{' '}
                {counted(forecast.accounts.losses.count, 'account')} fewer;{' '}
                {counted(forecast.users.gains.count, 'user')} more, {counted(forecast.users.losses.count, 'user')}{' '}
                fewer.
              </Text>
            </li>
          ))}
          {more > 0 && <li className={classes.row}>And {counted(more, 'more flag')}.</li>}
        </ul>
      )}
    </Loaded>
  )
}

/** What a request changes in a segment, and for whom. */
export function SegmentChanges({ project, request }: Props) {
  const { before, after, lists } = request
  const condition = JSON.stringify(before.when) !== JSON.stringify(after.when)
  return (
    <Panel title="What changes">
      <ul className={classes.list} aria-label="What changes">
        {before.name !== after.name && (
          <li className={classes.row}>
            <Text size="sm">
              It is called "{after.name}" from then on, no longer "{before.name}".
            </Text>
          </li>
        )}
        {condition && (
          <li className={classes.row}>
            <Text size="sm">Its condition: {JSON.stringify(after.when ?? null)}.</Text>
          </li>
        )}
        {lists.map(list => (
          <ListChange key={list.of} list={list} />
        ))}
      </ul>
      {isWaiting(request) && <Forecasts project={project} request={request} />}
    </Panel>
  )
}
