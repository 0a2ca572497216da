import { PolicyEditor, RequestList } from '../../features/approvals/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { Page } from '../../shared/ui/page.tsx'

export function ChangeRequestsPage() {
  const { project, environment } = useScope()
  return (
    <Page
      title="Changes"
      documentTitle="Changes"
      description="Changes that others approve before they are applied. A kill never waits for anybody."
    >
      <RequestList project={project.key} />
      <PolicyEditor key={environment.key} project={project.key} environment={environment} />
    </Page>
  )
}
