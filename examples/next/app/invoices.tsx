import { cookies } from 'next/headers'
import type { ReactElement } from 'react'
import { flags } from '../lib/flags'
import { ACCOUNT_COOKIE, VISITORS, visitorOf } from '../lib/visitor'

/** A server component: it decides in the process, and the page gets nothing but the outcome. */
export async function Invoices(): Promise<ReactElement> {
  const visitor = visitorOf((await cookies()).get(ACCOUNT_COOKIE)?.value)
  const bulk = (await flags()).forRequest(visitor).isEnabled('bulk-invoice-api')
  return (
    <>
      <p>{bulk ? 'Up to 500 invoices at once' : 'One invoice at a time'}</p>
      <form action="/pdf" method="post">
        <button type="submit">Make a PDF</button>
      </form>
      <form action="/account" method="post">
        {VISITORS.map(({ accountId, plan, country }) => (
          <button
            key={accountId}
            type="submit"
            name="account"
            value={accountId}
            disabled={accountId === visitor.accountId}
          >
            Look at it as {accountId} ({plan}, {country})
          </button>
        ))}
      </form>
    </>
  )
}
