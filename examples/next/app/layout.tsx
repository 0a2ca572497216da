import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import type { ReactElement, ReactNode } from 'react'
import { pageFlags } from '../lib/flags'
import { settings } from '../lib/settings'
import { ACCOUNT_COOKIE, pageContext, visitorOf } from '../lib/visitor'
import { Flags } from './flags'

export const metadata: Metadata = { title: 'Invoices', icons: 'data:,' }

export default async function Layout({ children }: { readonly children: ReactNode }): Promise<ReactElement> {
  const account = (await cookies()).get(ACCOUNT_COOKIE)?.value
  const { url, browserKey } = settings()
  return (
    <html lang="en">
      <body>
        <Flags
          url={url}
          clientKey={browserKey}
          context={pageContext(account)}
          bootstrap={await pageFlags(visitorOf(account))}
        >
          {children}
        </Flags>
      </body>
    </html>
  )
}
