import { Connections } from '../../features/connections/index.ts'
import { UploadDirectoryPanel } from '../../features/directory/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { UploadTicketsPanel } from '../../features/signals/index.ts'
import { Page } from '../../shared/ui/page.tsx'

export function ConnectionsPage() {
  const { project, environment } = useScope()
  return (
    <Page
      title="Connections"
      documentTitle="Connections"
      description="Other systems that tell about your customers, or are told who has what. Each environment has its own."
    >
      <Connections key={`${project.key} ${environment.key}`} />
      <UploadDirectoryPanel project={project.key} />
      <UploadTicketsPanel key={environment.key} />
    </Page>
  )
}
