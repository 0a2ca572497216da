/** The invoices that an account has sent to its customers: derived from the account, so nothing is stored. */
import { companyName } from './names.ts'
import type { Account, Country } from './population.ts'
import { createRandom, type Random } from './random.ts'

export type Currency = 'USD' | 'GBP' | 'EUR' | 'CHF' | 'CAD' | 'SEK'

export interface LineItem {
  readonly description: string
  readonly quantity: number
  /** In cents. */
  readonly unitPrice: number
}

export interface Invoice {
  /** "acc-00001-inv-1" */
  readonly id: string
  readonly number: string
  readonly seller: string
  readonly customer: string
  /** The customer's tax number. Without it the invoice must not be issued as a PDF. */
  readonly customerTaxNumber?: string
  readonly currency: Currency
  /** ISO date, e.g. "2026-07-01". */
  readonly issuedOn: string
  /** Percent. */
  readonly taxRate: number
  readonly lines: readonly LineItem[]
}

export interface InvoiceTotals {
  /** All in cents. */
  readonly net: number
  readonly tax: number
  readonly gross: number
}

/** An invoice longer than this makes its account a big one. */
export const LONG_INVOICE_LINES = 200

/** The money that an account bills in, and the tax rate in percent. */
export type BillingTerms = Pick<Invoice, 'currency' | 'taxRate'>

const TERMS: Readonly<Record<Country, BillingTerms>> = {
  US: { currency: 'USD', taxRate: 8 },
  GB: { currency: 'GBP', taxRate: 20 },
  DE: { currency: 'EUR', taxRate: 19 },
  FR: { currency: 'EUR', taxRate: 20 },
  NL: { currency: 'EUR', taxRate: 21 },
  CH: { currency: 'CHF', taxRate: 8.1 },
  CA: { currency: 'CAD', taxRate: 5 },
  ES: { currency: 'EUR', taxRate: 21 },
  SE: { currency: 'SEK', taxRate: 25 },
}

const WORK = [
  'Consulting',
  'Delivery',
  'Maintenance',
  'Licence',
  'Inspection',
  'Training',
  'Repair',
  'Rental',
  'Support',
]
const DETAIL = [
  'per hour',
  'per day',
  'standard',
  'express',
  'on site',
  'remote',
  'monthly fee',
  'spare part',
  'pallet',
]
const OBJECT = ['unit', 'site', 'route', 'order', 'project', 'contract', 'warehouse', 'department', 'device', 'team']

/** Share of accounts whose oldest invoices lack the customer's tax number: the product's everyday failures. */
const ACCOUNTS_WITHOUT_TAX_NUMBERS = 0.025

function makeLine(random: Random): LineItem {
  const description = `${random.pick(WORK)} ${random.pick(DETAIL)}, ${random.pick(OBJECT)} ${random.int(1, 9_999)}`
  return { description, quantity: random.int(1, 40), unitPrice: random.int(150, 48_000) }
}

function countLines(account: Account, index: number, random: Random): number {
  // The first invoice of a big account is always long, the others nearly always.
  const long = account.big && (index === 0 || random.chance(0.9))
  return long ? random.int(LONG_INVOICE_LINES + 1, 900) : random.int(1, random.int(1, 60))
}

/** The terms of the country that the account is in. */
export const termsOf = (account: Account): BillingTerms => TERMS[account.country]

function makeInvoice(account: Account, index: number, hasTaxNumber: boolean): Invoice {
  const id = `${account.id}-inv-${index + 1}`
  const random = createRandom(id)
  const issuedOn = new Date(Date.UTC(2026, index, random.int(1, 28))).toISOString().slice(0, 10)
  const taxNumber = `${account.country}${random.int(10_000_000, 99_999_999)}`
  const customer = companyName(random)
  const lines = Array.from({ length: countLines(account, index, random) }, () => makeLine(random))
  const invoice = {
    id,
    number: `2026-${String(index + 1).padStart(4, '0')}`,
    seller: account.name,
    customer,
    ...termsOf(account),
    issuedOn,
    lines,
  }
  return hasTaxNumber ? { ...invoice, customerTaxNumber: taxNumber } : invoice
}

interface InvoiceOutline {
  readonly count: number
  /** The oldest so many were issued before the customer told the tax number. */
  readonly withoutTaxNumber: number
}

function outline(account: Account): InvoiceOutline {
  const random = createRandom(`${account.id} invoices`)
  const count = random.int(3, 6)
  const forgetful = random.chance(ACCOUNTS_WITHOUT_TAX_NUMBERS)
  return { count, withoutTaxNumber: forgetful ? Math.floor(count / 2) : 0 }
}

/** The ids of an account's invoices, oldest first: 3 to 6. */
export function invoiceIdsOf(account: Account): readonly string[] {
  return Array.from({ length: outline(account).count }, (_, index) => `${account.id}-inv-${index + 1}`)
}

/** True for the accounts some of whose invoices no engine renders, because the customer's tax number is missing. */
export const lacksTaxNumbers = (account: Account): boolean => outline(account).withoutTaxNumber > 0

/** An account's invoices, oldest first: 3 to 6, the same each time. */
export function invoicesOf(account: Account): readonly Invoice[] {
  const { count, withoutTaxNumber } = outline(account)
  return Array.from({ length: count }, (_, index) => makeInvoice(account, index, index >= withoutTaxNumber))
}

/** One invoice of an account; undefined if it has none of this id. */
export function findInvoice(account: Account, invoiceId: string): Invoice | undefined {
  const index = invoiceIdsOf(account).indexOf(invoiceId)
  return index === -1 ? undefined : makeInvoice(account, index, index >= outline(account).withoutTaxNumber)
}

/** Sum of one line in cents. */
export const lineTotal = (line: LineItem): number => line.quantity * line.unitPrice

/** Net, tax (rounded to the cent) and gross of an invoice. */
export function totalsOf(invoice: Pick<Invoice, 'lines' | 'taxRate'>): InvoiceTotals {
  const net = invoice.lines.reduce((sum, line) => sum + lineTotal(line), 0)
  const tax = Math.round((net * invoice.taxRate) / 100)
  return { net, tax, gross: net + tax }
}
