import { useSuspenseQuery } from '@tanstack/react-query'
import { People } from '../../features/access/index.ts'
import { projectsQuery, useScope } from '../../features/projects/index.ts'
import { useApi } from '../../shared/api.tsx'
import { Page } from '../../shared/ui/page.tsx'

export function PeoplePage() {
  const { project } = useScope()
  const { data: projects } = useSuspenseQuery(projectsQuery(useApi()))
  return (
    <Page
      title="People"
      documentTitle="People"
      description="Everybody who has an account here, in whichever project. A role in all projects also counts in those to come; admins with it make projects and manage accounts."
    >
      <People projects={projects} current={project} />
    </Page>
  )
}
