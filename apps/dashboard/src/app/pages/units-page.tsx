import { UnitsPanel } from '../../features/projects/index.ts'
import { Page } from '../../shared/ui/page.tsx'

export function UnitsPage() {
  return (
    <Page
      title="Units"
      documentTitle="Units"
      description="What a percentage counts. 5 % of accounts and 5 % of users are different people."
    >
      <UnitsPanel />
    </Page>
  )
}
