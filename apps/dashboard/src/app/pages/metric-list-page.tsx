import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useWhyNot } from '../../features/access/index.ts'
import { MetricDialog, MetricList } from '../../features/metrics/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { useApi } from '../../shared/api.tsx'
import { metricsQuery } from '../../shared/metric-queries.ts'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { IconPlus } from '../../shared/ui/icons.ts'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'

export function MetricListPage() {
  const { project, environment } = useScope()
  const navigate = useNavigate()
  const [opened, { open, close }] = useDisclosure(false)
  const whyNot = useWhyNot('metric:write', { project: project.key })
  const query = useQuery(metricsQuery(useApi(), project.key, environment.key))
  return (
    <Page
      title="Metrics"
      documentTitle="Metrics"
      description={`What rollouts are judged by and experiments compare by. A metric is the same in every environment; whether its events arrive is shown for ${environment.key}.`}
      actions={
        <GuardedButton whyNot={whyNot} leftSection={<IconPlus size={16} />} onClick={open}>
          Create metric
        </GuardedButton>
      }
    >
      <Loaded query={query} lines={4} lineHeight={76}>
        {metrics => <MetricList project={project.key} metrics={metrics} />}
      </Loaded>
      <MetricDialog
        opened={opened}
        project={project.key}
        onClose={close}
        onSaved={({ definition: { key } }) => {
          close()
          void navigate({ to: '/p/$project/metrics/$metric', params: { project: project.key, metric: key } })
        }}
      />
    </Page>
  )
}
