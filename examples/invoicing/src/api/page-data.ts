/** What the web page reads from the API, as types; the page imports nothing else from here. */
import type { Currency } from '../population/invoices.ts'
import type { Account, User } from '../population/population.ts'

/** One invoice in `GET /accounts/:accountId/invoices`. Money in cents. */
export interface InvoiceSummary {
  readonly id: string
  readonly number: string
  readonly customer: string
  readonly issuedOn: string
  readonly lines: number
  readonly currency: Currency
  readonly gross: number
}

/** `GET /dashboard` */
export interface DashboardData {
  readonly layout: string
  readonly invoices: number
  readonly customers: number
  readonly currency: Currency
  /** In cents. */
  readonly gross: number
  readonly latest: InvoiceSummary | undefined
}

/** Somebody to look at the product as. */
export interface SamplePerson {
  readonly userId: string
  readonly label: string
}

/** How the page reaches Dimmer. */
export interface PageDimmer {
  /** The Dimmer server, e.g. "http://127.0.0.1:4400". */
  readonly url: string
  /** A browser key. */
  readonly key: string
}

/** `GET /config.json?user=u-00001` */
export interface PageConfig {
  readonly dimmer: PageDimmer
  readonly user: User
  readonly account: Account
  /** What Dimmer is told about the user. */
  readonly context: Readonly<Record<string, string | number>>
  /** The flags as the server evaluated them, for the first paint. */
  readonly bootstrap: Readonly<Record<string, boolean | string>>
  readonly people: readonly SamplePerson[]
}
