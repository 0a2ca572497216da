import { PasswordPanel, PersonalKeysPanel, SessionsPanel, useSession } from '../../features/access/index.ts'
import { Page } from '../../shared/ui/page.tsx'

export function AccountPage() {
  const session = useSession()
  return (
    <Page title="Account" documentTitle="Account" description={session?.person?.email}>
      {session?.person != null && (
        <>
          {session.signIn.password && <PasswordPanel />}
          <SessionsPanel />
          <PersonalKeysPanel />
        </>
      )}
    </Page>
  )
}
