import type { ReactElement } from 'react'
import { Chat } from './chat'
import { Invoices } from './invoices'

export default function Page(): ReactElement {
  return (
    <main>
      <h1>Your invoices</h1>
      <Invoices />
      <Chat />
    </main>
  )
}
