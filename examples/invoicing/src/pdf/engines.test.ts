import { describe, expect, it } from 'vitest'
import { readPdf } from '../../test/read-pdf.ts'
import { type Invoice, invoicesOf, totalsOf } from '../population/invoices.ts'
import { createPopulation } from '../population/population.ts'
import { createClassicEngine } from './classic-engine.ts'
import { cellsOf, formatMoney } from './invoice-text.ts'
import { createNewEngine } from './new-engine.ts'
import { type PdfEngine, RenderTimeout } from './pdf-engine.ts'

const population = createPopulation()
const [small, big] = [false, true].map(wanted => {
  const account = population.accounts.find(candidate => candidate.big === wanted)
  const invoice = account && invoicesOf(account)[0]
  if (!invoice) throw new Error('The population has accounts of both kinds')
  return invoice
}) as [Invoice, Invoice]

const withLines = (count: number): Invoice => ({ ...big, lines: Array.from({ length: count }, (_, i) => lineAt(i)) })
const lineAt = (index: number) => ({ description: `Line item ${index}`, quantity: index % 7, unitPrice: 1_999 })
const PLENTY = { budgetMs: 20_000 }

async function expectFaithful(engine: PdfEngine, invoice: Invoice): Promise<void> {
  const { texts } = await readPdf(await engine.render(invoice, PLENTY))
  const { net, gross } = totalsOf(invoice)
  expect(texts).toEqual(expect.arrayContaining([invoice.seller, `To ${invoice.customer}`]))
  expect(texts.slice(-5)).toEqual(expect.arrayContaining([formatMoney(invoice, net), 'Total']))
  expect(texts.at(-1)).toBe(formatMoney(invoice, gross))
  const descriptions = new Set(invoice.lines.map((line, index) => cellsOf(line, index).description))
  const shown = texts.filter(text => descriptions.has(text))
  expect(shown).toEqual(invoice.lines.map(line => line.description))
}

describe.each([createClassicEngine(), createNewEngine({ release: '2.0.0' }), createNewEngine({ release: '2.0.1' })])(
  'every engine ($name)',
  engine => {
    it.each([0, 1, 34, 36, 38, 39, 46, 84, 85, 200])('shows all of %i lines and the total', async lines => {
      await expectFaithful(engine, withLines(lines))
    })

    it('shows an invoice of the population', async () => {
      await expectFaithful(engine, small)
    })
  },
)

describe('release 2.0.0 of the new engine', () => {
  const engine = createNewEngine({ release: '2.0.0' })

  it.each([201, 900])('never ends with %i lines, and stops when its budget is used up', async lines => {
    await expect(engine.render(withLines(lines), { budgetMs: 40 })).rejects.toBeInstanceOf(RenderTimeout)
  })

  it('leaves room for others while it does not end', async () => {
    const endless = engine.render(withLines(201), { budgetMs: 100 }).catch(() => 'stopped' as const)
    const quick = createClassicEngine().render(small, PLENTY)
    expect(await Promise.race([endless, quick.then(() => 'quick' as const)])).toBe('quick')
    expect(await endless).toBe('stopped')
  })
})

it('carries the sum over to the next part of a long table', async () => {
  const invoice = withLines(201)
  const { texts } = await readPdf(await createNewEngine().render(invoice, PLENTY))
  const sum = totalsOf({ ...invoice, lines: invoice.lines.slice(0, 200) }).net
  const carried = texts.indexOf('Part 2: carried over')
  expect(`${invoice.currency} ${texts[carried + 1]}`).toBe(formatMoney(invoice, sum))
})
