import type { ReactElement } from 'react'
import { Chat } from '../chat'
import { Invoices } from '../invoices'

/** Shown at `/` to those who get the redesigned layout: see `proxy.ts`. */
export default function Page(): ReactElement {
  return (
    <main>
      <h1>All that is owed to you</h1>
      <Chat />
      <Invoices />
    </main>
  )
}
