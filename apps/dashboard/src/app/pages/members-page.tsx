import { Members } from '../../features/access/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { Page } from '../../shared/ui/page.tsx'

export function MembersPage() {
  const { project } = useScope()
  return (
    <Page
      title="Members"
      documentTitle="Members"
      description="Who may do what in this project. A role can differ in an environment: an engineer may be a viewer in production."
    >
      <Members project={project} />
    </Page>
  )
}
