import { useFeatureFlag } from '@dimmer/react'
import type { ReactElement } from 'react'
import type { DashboardData } from '../../src/api/page-data.ts'
import { money } from './money.ts'

interface SummaryProps {
  readonly data: DashboardData
}

function ClassicSummary({ data }: SummaryProps): ReactElement {
  return (
    <section className="card classic" data-layout="classic">
      <h2>Overview</h2>
      <p>
        {data.invoices} invoices to {data.customers} customers, {money(data.currency, data.gross)} in all.
        {data.latest && ` The latest is ${data.latest.number} to ${data.latest.customer}.`}
      </p>
    </section>
  )
}

function RedesignedSummary({ data }: SummaryProps): ReactElement {
  const tiles = [
    ['Billed', money(data.currency, data.gross)],
    ['Invoices', String(data.invoices)],
    ['Customers', String(data.customers)],
    ['Latest', data.latest?.customer ?? 'none'],
  ] as const
  return (
    <section className="tiles" data-layout="redesigned">
      {tiles.map(([label, figure]) => (
        <div key={label} className="card tile">
          <span>{label}</span>
          <strong>{figure}</strong>
        </div>
      ))}
    </section>
  )
}

/** The top of the dashboard, in the layout that the A/B test gave this user. */
export function Summary({ data }: SummaryProps): ReactElement {
  const { value: layout } = useFeatureFlag('redesigned-dashboard', 'classic')
  return layout === 'redesigned' ? <RedesignedSummary data={data} /> : <ClassicSummary data={data} />
}
