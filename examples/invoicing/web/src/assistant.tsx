import { useFeatureFlag } from '@dimmer/react'
import { type FormEvent, type ReactElement, useState } from 'react'
import type { ProductApi } from './product-api.ts'

interface Line {
  readonly id: number
  readonly from: 'you' | 'assistant'
  readonly text: string
}

function Conversation({ api }: { readonly api: ProductApi }): ReactElement {
  const [lines, setLines] = useState<readonly Line[]>([])
  const [draft, setDraft] = useState('What is the total of my invoices?')
  const add = (from: Line['from'], text: string) => setLines(before => [...before, { id: before.length, from, text }])
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const message = draft.trim()
    if (message === '') return
    setDraft('')
    add('you', message)
    add('assistant', await api.chat(message).catch((error: Error) => error.message))
  }
  return (
    <section className="card chat">
      <h2>Assistant</h2>
      <ol aria-live="polite">
        {lines.map(({ id, from, text }) => (
          <li key={id} className={from}>
            {text}
          </li>
        ))}
      </ol>
      <form onSubmit={event => void send(event)}>
        <input
          aria-label="Your question"
          value={draft}
          maxLength={1_000}
          onChange={event => setDraft(event.target.value)}
        />
        <button type="submit">Ask</button>
      </form>
    </section>
  )
}

/** The assistant, for those who have it. */
export function Assistant({ api }: { readonly api: ProductApi }): ReactElement | null {
  const { value: available } = useFeatureFlag('ai-chatbot', false)
  return available ? <Conversation api={api} /> : null
}
