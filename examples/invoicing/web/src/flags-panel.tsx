import { useFeatureFlag } from '@dimmer/react'
import type { ReactElement } from 'react'

const FLAGS = [
  { key: 'new-pdf-engine', says: 'who renders your PDFs' },
  { key: 'redesigned-dashboard', says: 'how this page looks' },
  { key: 'ai-chatbot', says: 'the assistant on this page' },
  { key: 'bulk-invoice-api', says: 'many invoices at once' },
  { key: 'maintenance-mode', says: 'closes the product' },
] as const

function FlagRow({ flag, says }: { readonly flag: string; readonly says: string }): ReactElement {
  const { value, loading } = useFeatureFlag(flag, null)
  const text = typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value ?? 'unknown')
  return (
    <li className="flag" data-flag={flag} data-value={text}>
      <span>
        <code>{flag}</code>
        <small>{says}</small>
      </span>
      <span className={`badge ${loading || text === 'off' || text === 'classic' ? 'quiet' : 'lively'}`}>{text}</span>
    </li>
  )
}

/** The five flags as they are for this user at this moment. */
export function FlagsPanel(): ReactElement {
  const { status } = useFeatureFlag('maintenance-mode', false)
  return (
    <aside className="card flags">
      <h2>
        Flags for this user
        <span className={`dot ${status}`} role="status" title={`Values are ${status}`}>
          {status}
        </span>
      </h2>
      <ul>
        {FLAGS.map(({ key, says }) => (
          <FlagRow key={key} flag={key} says={says} />
        ))}
      </ul>
      <p className="hint">They change here without a reload when someone changes them in Dimmer.</p>
    </aside>
  )
}
