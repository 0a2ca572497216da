import { formatMoney } from '../pdf/invoice-text.ts'
import { type Invoice, totalsOf } from '../population/invoices.ts'

const list = (invoices: readonly Invoice[]) => invoices.map(invoice => invoice.number).join(', ')

interface Topic {
  readonly words: RegExp
  answer(invoices: readonly Invoice[]): string
}

const TOPICS: readonly Topic[] = [
  {
    words: /\b(latest|last|newest|recent)\b/i,
    answer(invoices) {
      const latest = invoices.at(-1)
      if (!latest) return 'There is no invoice yet.'
      const total = formatMoney(latest, totalsOf(latest).gross)
      return `The latest is ${latest.number} of ${latest.issuedOn} to ${latest.customer}: ${total}.`
    },
  },
  {
    words: /\b(tax|vat)\b/i,
    answer(invoices) {
      const lacking = invoices.filter(invoice => !invoice.customerTaxNumber)
      if (lacking.length === 0) return 'Every invoice has the tax number of its customer.'
      return `The tax number of the customer is missing in ${list(lacking)}.`
    },
  },
  {
    words: /\b(long|longest|big|biggest|large|largest)\b/i,
    answer(invoices) {
      const [longest] = invoices.toSorted((a, b) => b.lines.length - a.lines.length)
      return longest ? `${longest.number} is the longest: ${longest.lines.length} lines.` : 'There is no invoice yet.'
    },
  },
  {
    words: /\b(total|sum|amount|much)\b/i,
    answer(invoices) {
      const [first] = invoices
      if (!first) return 'There is no invoice yet.'
      const cents = invoices.reduce((sum, invoice) => sum + totalsOf(invoice).gross, 0)
      return `All ${invoices.length} invoices come to ${formatMoney(first, cents)}.`
    },
  },
]

/** Answers a question about an account's invoices by the words in it. */
export function answerQuestion(question: string, invoices: readonly Invoice[]): string {
  const topic = TOPICS.find(({ words }) => words.test(question))
  if (topic) return topic.answer(invoices)
  return `You have ${invoices.length} invoices: ${list(invoices)}. Ask me for the total, the latest or the longest.`
}
