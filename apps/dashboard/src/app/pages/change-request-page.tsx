import type { ChangeRequestView, FlagRequestView } from '@dimmer/protocol'
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import {
  ApplyPanel,
  changeRequestQuery,
  isWaiting,
  RequestReviews,
  ReviewPanel,
  standingOf,
} from '../../features/approvals/index.ts'
import { ConfigDiffView, configDiff, ForecastPreview } from '../../features/flags/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { SegmentChanges } from '../../features/segments/index.ts'
import { useApi } from '../../shared/api.tsx'
import { TextLink } from '../../shared/ui/links.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { ToneBadge } from '../../shared/ui/tone-badge.tsx'

interface Props {
  readonly project: string
  readonly request: ChangeRequestView
}

interface FlagProps {
  readonly project: string
  readonly request: FlagRequestView
}

function FlagChanges({ project, request }: FlagProps) {
  const { flag, environment, before, after, appliedBy, appliedVersion } = request
  return (
    <Panel title="What changes">
      <ConfigDiffView differences={configDiff(before, after)} />
      {isWaiting(request) && <ForecastPreview place={{ project, flag, environment }} config={after} />}
      {appliedVersion !== null && (
        <Text size="sm">
          Applied by {appliedBy?.name} as version {appliedVersion}.
        </Text>
      )}
    </Panel>
  )
}

function Details({ project, request }: Props) {
  const waits = isWaiting(request)
  return (
    <>
      {request.kind === 'flag' ? (
        <FlagChanges project={project} request={request} />
      ) : (
        <SegmentChanges project={project} request={request} />
      )}
      <RequestReviews request={request} />
      {waits && <ReviewPanel key={request.revision} project={project} request={request} />}
      {waits && <ApplyPanel project={project} request={request} />}
    </>
  )
}

function SubjectLink({ project, request }: Props) {
  if (request.kind === 'segment') {
    return (
      <TextLink
        to="/p/$project/segments/$segment"
        params={{ project, segment: request.segment }}
        inherit
      >{`the segment ${request.segment}`}</TextLink>
    )
  }
  return (
    <>
      <TextLink
        to="/p/$project/flags/$flag"
        params={{ project, flag: request.flag }}
        search={{ env: request.environment }}
        inherit
      >
        {request.flag}
      </TextLink>{' '}
      in {request.environment}
    </>
  )
}

export function ChangeRequestPage() {
  const { request: id } = useParams({ from: '/p/$project/changes/$request' })
  const { project } = useScope()
  const query = useQuery(changeRequestQuery(useApi(), project.key, id))
  return (
    <Loaded query={query} lines={4} lineHeight={120}>
      {request => (
        <Page
          title={request.title}
          documentTitle={request.title}
          description={
            <>
              Changes <SubjectLink project={project.key} request={request} />. Asked by {request.author.name}{' '}
              <TimeAgo at={request.createdAt} />
              {request.revision > 1 && `, revision ${request.revision}`}.
            </>
          }
          actions={<ToneBadge tone={standingOf(request).tone}>{standingOf(request).word}</ToneBadge>}
        >
          <Details project={project.key} request={request} />
        </Page>
      )}
    </Loaded>
  )
}
