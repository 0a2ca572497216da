import { Text } from '@mantine/core'
import { useWhyNot } from '../../features/access/index.ts'
import { AuditLog, ChainState } from '../../features/audit/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { Page } from '../../shared/ui/page.tsx'
import { Panel } from '../../shared/ui/panel.tsx'

export function AuditPage() {
  const { project } = useScope()
  const whyNot = useWhyNot('audit:read', { project: project.key })
  return (
    <Page
      title="Audit log"
      documentTitle="Audit log"
      description="Who did what, when, from where and why. Entries are chained by their hashes: none can be changed or taken out unnoticed."
    >
      {whyNot === undefined ? (
        <>
          <ChainState project={project.key} />
          <AuditLog project={project.key} environments={project.environments.map(({ key }) => key)} />
        </>
      ) : (
        <Panel>
          <Text size="sm">{whyNot}</Text>
        </Panel>
      )}
    </Page>
  )
}
