import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { MetricActions, MetricDetails } from '../../features/metrics/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { useApi } from '../../shared/api.tsx'
import { metricQuery } from '../../shared/metric-queries.ts'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'

export function MetricPage() {
  const { metric: key } = useParams({ from: '/p/$project/metrics/$metric' })
  const { project, environment } = useScope()
  const navigate = useNavigate()
  const place = { project: project.key, environment: environment.key }
  const query = useQuery(metricQuery(useApi(), { ...place, metric: key }))
  return (
    <Loaded query={query} lines={3} lineHeight={120}>
      {metric => (
        <Page
          title={metric.definition.name}
          documentTitle={metric.definition.name}
          description={
            <>
              <KeyText>{key}</KeyText> · version {metric.definition.version}
            </>
          }
          actions={
            <MetricActions
              project={project.key}
              metric={metric}
              onDeleted={() => void navigate({ to: '/p/$project/metrics', params: { project: project.key } })}
            />
          }
        >
          <MetricDetails {...place} metric={metric} />
        </Page>
      )}
    </Loaded>
  )
}
