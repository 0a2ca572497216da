/** The words and figures on an invoice, the same for both engines. */
import { type Invoice, type LineItem, lineTotal, totalsOf } from '../population/invoices.ts'

/** A4 in PDF points. */
export const PAGE = { width: 595.28, height: 841.89, margin: 48 } as const

/** "1,234,567.80" from cents. */
export function formatAmount(cents: number): string {
  const sign = cents < 0 ? '-' : ''
  const [whole = '0', fraction = '00'] = (Math.abs(cents) / 100).toFixed(2).split('.')
  return `${sign}${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`
}

/** "EUR 1,234.50" */
export const formatMoney = (invoice: Invoice, cents: number): string => `${invoice.currency} ${formatAmount(cents)}`

/** What stands above the table, line by line. */
export function headingLines(invoice: Invoice): readonly string[] {
  return [
    `Invoice ${invoice.number} of ${invoice.issuedOn}`,
    `To ${invoice.customer}`,
    `Tax number ${invoice.customerTaxNumber ?? 'not given'}`,
  ]
}

/** The cells of a line: number, description, quantity, unit price, sum. */
export interface Cells {
  readonly number: string
  readonly description: string
  readonly quantity: string
  readonly price: string
  readonly sum: string
}

export const TABLE_HEAD: Cells = {
  number: 'No.',
  description: 'Description',
  quantity: 'Qty',
  price: 'Price',
  sum: 'Sum',
}

export const cellsOf = (line: LineItem, index: number): Cells => ({
  number: String(index + 1),
  description: line.description,
  quantity: String(line.quantity),
  price: formatAmount(line.unitPrice),
  sum: formatAmount(lineTotal(line)),
})

/** What stands under the table: label and amount. */
export function totalLines(invoice: Invoice): readonly (readonly [string, string])[] {
  const { net, tax, gross } = totalsOf(invoice)
  return [
    ['Net', formatMoney(invoice, net)],
    [`Tax ${invoice.taxRate} %`, formatMoney(invoice, tax)],
    ['Total', formatMoney(invoice, gross)],
  ]
}
