import { type ReactElement, useState } from 'react'
import type { InvoiceSummary } from '../../src/api/page-data.ts'
import { money } from './money.ts'
import type { ProductApi } from './product-api.ts'

interface InvoicesProps {
  readonly api: ProductApi
  readonly invoices: readonly InvoiceSummary[]
}

type Note = { readonly kind: 'busy' | 'done' | 'failed'; readonly text: string }

const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error))

function InvoiceRow({ api, invoice }: { readonly api: ProductApi; readonly invoice: InvoiceSummary }): ReactElement {
  const [note, setNote] = useState<Note>()
  const download = async () => {
    setNote({ kind: 'busy', text: 'Rendering' })
    try {
      const { engine, bytes, ms } = await api.downloadPdf(invoice.id)
      const size = `${Math.max(1, Math.round(bytes / 1_024))} KB`
      setNote({ kind: 'done', text: `${size} from the ${engine} engine in ${Math.round(ms)} ms` })
    } catch (error) {
      setNote({ kind: 'failed', text: sentence(error) })
    }
  }
  return (
    <tr>
      <td>{invoice.number}</td>
      <td>{invoice.customer}</td>
      <td>{invoice.issuedOn}</td>
      <td className="number">{invoice.lines}</td>
      <td className="number">{money(invoice.currency, invoice.gross)}</td>
      <td>
        <button type="button" disabled={note?.kind === 'busy'} onClick={() => void download()}>
          Download PDF
        </button>
        {note && (
          <output className={`note ${note.kind}`} aria-live="polite">
            {note.text}
          </output>
        )}
      </td>
    </tr>
  )
}

/** All invoices of the account, each with its PDF. */
export function Invoices({ api, invoices }: InvoicesProps): ReactElement {
  return (
    <section className="card">
      <h2>Invoices</h2>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th>Number</th>
              <th>Customer</th>
              <th>Issued</th>
              <th className="number">Lines</th>
              <th className="number">Total</th>
              <th>PDF</th>
            </tr>
          </thead>
          <tbody>
            {invoices.map(invoice => (
              <InvoiceRow key={invoice.id} api={api} invoice={invoice} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
