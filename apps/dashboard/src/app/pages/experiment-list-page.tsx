import { useQuery } from '@tanstack/react-query'
import { ExperimentList, splitsOf } from '../../features/experiments/index.ts'
import { flagsQuery } from '../../features/flags/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { useApi } from '../../shared/api.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'

export function ExperimentListPage() {
  const { project, environment } = useScope()
  const query = useQuery(flagsQuery(useApi(), project.key))
  return (
    <Page
      title="Experiments"
      documentTitle="Experiments"
      description={`Flags that deal out several variants in ${environment.key}. Each can be read as an A/B test at any time, as often as you like.`}
    >
      <Loaded query={query}>
        {flags => <ExperimentList project={project.key} splits={splitsOf(flags, environment.key)} />}
      </Loaded>
    </Page>
  )
}
