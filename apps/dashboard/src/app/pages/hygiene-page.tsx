import { useQuery } from '@tanstack/react-query'
import { StaleFlags, staleQuery } from '../../features/hygiene/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { useApi } from '../../shared/api.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'

export function HygienePage() {
  const { project } = useScope()
  const query = useQuery(staleQuery(useApi(), project.key))
  return (
    <Page title="Hygiene" documentTitle="Hygiene" description="Flags that have done their work and can go.">
      <Loaded query={query}>{report => <StaleFlags project={project.key} report={report} />}</Loaded>
    </Page>
  )
}
