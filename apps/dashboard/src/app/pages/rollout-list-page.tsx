import { useQuery } from '@tanstack/react-query'
import { useScope } from '../../features/projects/index.ts'
import { RolloutList, rolloutsQuery } from '../../features/rollouts/index.ts'
import { useApi } from '../../shared/api.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'

export function RolloutListPage() {
  const { project } = useScope()
  const query = useQuery(rolloutsQuery(useApi(), project.key))
  return (
    <Page title="Rollouts" documentTitle="Rollouts" description="In all environments, the newest first.">
      <Loaded query={query}>{rollouts => <RolloutList project={project.key} rollouts={rollouts} />}</Loaded>
    </Page>
  )
}
