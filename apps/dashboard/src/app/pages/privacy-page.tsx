import { ErasePanel, PrivateAttributesPanel, RetentionPanel } from '../../features/directory/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { Page } from '../../shared/ui/page.tsx'

export function PrivacyPage() {
  const { project } = useScope()
  return (
    <Page
      title="Privacy"
      documentTitle="Privacy"
      description="What is stored about your customers, what is not, and how it is deleted. What your code passes to a decision is never sent, and what browsers send is kept nowhere."
    >
      <PrivateAttributesPanel project={project.key} />
      <ErasePanel project={project.key} />
      <RetentionPanel />
    </Page>
  )
}
