import { type BillingTerms, type Invoice, totalsOf } from '../population/invoices.ts'
import { ApiError } from './api-error.ts'

const MOST_DRAFTS = 500
const MOST_LINES = 900

/** One invoice as `POST /invoices` takes it, and `POST /invoices/bulk` many. Prices in cents. */
interface Draft {
  readonly customer: string
  readonly lines: Invoice['lines']
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= 200
const isWhole = (value: unknown, most: number): value is number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most

const isLine = (value: unknown): value is Invoice['lines'][number] =>
  isRecord(value) &&
  isText(value.description) &&
  isWhole(value.quantity, 1_000_000) &&
  isWhole(value.unitPrice, 100_000_000)

const isDraft = (value: unknown): value is Draft =>
  isRecord(value) &&
  isText(value.customer) &&
  Array.isArray(value.lines) &&
  value.lines.length >= 1 &&
  value.lines.length <= MOST_LINES &&
  value.lines.every(isLine)

const NEEDED = `a customer and 1 to ${MOST_LINES} lines of { description, quantity, unitPrice }`

/** Reads the body of a request for one invoice; throws an `ApiError` if it is none. */
export function readDraft(body: unknown): Draft {
  if (isDraft(body)) return body
  throw new ApiError(400, 'bad-request', `An invoice needs ${NEEDED}`)
}

/** Reads the body of a bulk request; throws an `ApiError` that names the first draft that is wrong. */
export function readDrafts(body: unknown): readonly Draft[] {
  const drafts: unknown = isRecord(body) ? body.invoices : undefined
  if (!Array.isArray(drafts) || drafts.length === 0 || drafts.length > MOST_DRAFTS) {
    throw new ApiError(400, 'bad-request', `"invoices" must be a list of 1 to ${MOST_DRAFTS} drafts`)
  }
  return drafts.map((draft: unknown, index) => {
    if (isDraft(draft)) return draft
    throw new ApiError(400, 'bad-request', `invoices[${index}] needs ${NEEDED}`)
  })
}

/** Numbers and prices drafts on the account's terms; `issuedOn` is an ISO date. */
export function priceDrafts(drafts: readonly Draft[], terms: BillingTerms, issuedOn: string) {
  return drafts.map(({ customer, lines }, index) => {
    const number = `${issuedOn.slice(0, 4)}-B${String(index + 1).padStart(3, '0')}`
    return { number, issuedOn, customer, currency: terms.currency, ...totalsOf({ lines, taxRate: terms.taxRate }) }
  })
}
