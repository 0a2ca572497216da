import { useFeatureFlag } from '@dimmer/react'
import { type ReactElement, useState } from 'react'
import type { ProductApi } from './product-api.ts'

const DRAFTS = ['Elmford Tools', 'Rivergate Hotels', 'Pinewick Media'].map((customer, index) => ({
  customer,
  lines: [{ description: 'Monthly service', quantity: index + 1, unitPrice: 12_500 }],
}))

/** The bulk API, for those who have it: one call for several invoices. */
export function Bulk({ api }: { readonly api: ProductApi }): ReactElement | null {
  const { value: available } = useFeatureFlag('bulk-invoice-api', false)
  const [note, setNote] = useState('')
  if (!available) return null
  const run = async () => {
    setNote(
      await api.bulk(DRAFTS).then(
        count => `${count} invoices priced in one call`,
        (error: Error) => error.message,
      ),
    )
  }
  return (
    <section className="card">
      <h2>Bulk invoices</h2>
      <p>Your account may send many invoices in one call.</p>
      <button type="button" onClick={() => void run()}>
        Price {DRAFTS.length} drafts
      </button>
      <output className="note done">{note}</output>
    </section>
  )
}
