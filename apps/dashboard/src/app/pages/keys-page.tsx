import { SdkKeys, useScope } from '../../features/projects/index.ts'
import { Page } from '../../shared/ui/page.tsx'

export function KeysPage() {
  const { environment } = useScope()
  return (
    <Page
      title="SDK keys"
      documentTitle="SDK keys"
      description="A key lets an SDK get the flags of one environment. Server keys are secret; browser keys may be seen by anybody."
    >
      <SdkKeys key={environment.key} />
    </Page>
  )
}
