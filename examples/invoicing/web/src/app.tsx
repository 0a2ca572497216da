import { useFeatureFlag } from '@dimmer/react'
import { type ReactElement, useCallback, useMemo } from 'react'
import type { PageConfig } from '../../src/api/page-data.ts'
import { Assistant } from './assistant.tsx'
import { Bulk } from './bulk.tsx'
import { FlagsPanel } from './flags-panel.tsx'
import { Invoices } from './invoices.tsx'
import { createProductApi, type ProductApi } from './product-api.ts'
import { Summary } from './summary.tsx'
import { useLoaded } from './use-loaded.ts'

interface AppProps {
  readonly config: PageConfig
  readonly onPick: (userId: string) => void
}

function Header({ config, onPick }: AppProps): ReactElement {
  const { user, account, people } = config
  const known = people.some(person => person.userId === user.id)
  return (
    <header>
      <div>
        <h1>{account.name}</h1>
        <p>
          {account.plan}, {account.country}, {account.seats} seats
        </p>
      </div>
      <label>
        Look at it as
        <select value={user.id} onChange={event => onPick(event.target.value)}>
          {!known && <option value={user.id}>{user.email}</option>}
          {people.map(({ userId, label }) => (
            <option key={userId} value={userId}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </header>
  )
}

function Maintenance(): ReactElement {
  return (
    <section className="card maintenance" role="alert">
      <h2>We are working on it</h2>
      <p>Invoicing is closed for maintenance and will be back soon. This page opens again by itself.</p>
    </section>
  )
}

function Product({ api }: { readonly api: ProductApi }): ReactElement {
  const load = useCallback(() => Promise.all([api.dashboard(), api.invoices()]), [api])
  const loaded = useLoaded(load)
  if (loaded.state === 'loading') return <p className="hint">Loading your invoices</p>
  if (loaded.state === 'failed') return <p className="note failed">{loaded.message}</p>
  const [dashboard, invoices] = loaded.data
  return (
    <>
      <Summary data={dashboard} />
      <Invoices api={api} invoices={invoices} />
      <Bulk api={api} />
      <Assistant api={api} />
    </>
  )
}

/** The page of one user. */
export function App({ config, onPick }: AppProps): ReactElement {
  const { value: closed } = useFeatureFlag('maintenance-mode', false)
  const api = useMemo(() => createProductApi(config), [config])
  return (
    <div className="page">
      <Header config={config} onPick={onPick} />
      <main>{closed ? <Maintenance /> : <Product api={api} />}</main>
      <FlagsPanel />
    </div>
  )
}
