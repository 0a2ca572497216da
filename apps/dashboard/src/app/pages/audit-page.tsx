import { AuditLog, ChainState } from '../../features/audit/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { Page } from '../../shared/ui/page.tsx'

export function AuditPage() {
  const { project } = useScope()
  return (
    <Page
      title="Audit log"
      documentTitle="Audit log"
      description="Who did what, when, from where and why. Entries are chained by their hashes: none can be changed or taken out unnoticed."
    >
      <ChainState project={project.key} />
      <AuditLog project={project.key} environments={project.environments.map(({ key }) => key)} />
    </Page>
  )
}
