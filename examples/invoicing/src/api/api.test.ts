import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPdf } from '../../test/read-pdf.ts'
import { type StartedExample, startExample } from '../../test/start-example.ts'
import { formatMoney } from '../pdf/invoice-text.ts'
import { invoiceIdsOf, invoicesOf, lacksTaxNumbers, totalsOf } from '../population/invoices.ts'
import { type Account, BULK_INVOICE_ACCOUNTS, createPopulation } from '../population/population.ts'

const population = createPopulation()
const find = (matches: (account: Account) => boolean): Account => {
  const account = population.accounts.find(matches)
  if (!account) throw new Error('The population has no such account')
  return account
}
const userOf = (account: Account) => population.usersOf(account.id)[0]?.id ?? ''
const pdfOf = (account: Account, index = 0) => `/accounts/${account.id}/invoices/${invoiceIdsOf(account).at(index)}/pdf`

const small = find(account => !account.big && !lacksTaxNumbers(account))
const big = find(account => account.big && !lacksTaxNumbers(account))
const lacking = find(account => !account.big && lacksTaxNumbers(account))
const errorOf = async (response: Response) => ((await response.json()) as { error: unknown }).error

let example: StartedExample
beforeAll(async () => {
  const now = () => Date.UTC(2026, 10, 21, 12)
  const options = { engineRelease: '2.0.0', renderTimeoutMs: 200, now } as const
  example = await startExample(population, { situation: { version: 1, percent: 0 }, ...options })
})
afterAll(() => example.close())

describe('a PDF', () => {
  it('comes from the classic engine outside the share, from the new one inside, and is right from both', async () => {
    const [invoice] = invoicesOf(small)
    if (!invoice) throw new Error('Each account has invoices')
    for (const [version, percent, engine] of [
      [2, 0, 'classic'],
      [3, 100, 'new'],
    ] as const) {
      await example.become({ version, percent })
      const response = await example.ask(pdfOf(small), userOf(small))
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('application/pdf')
      expect(response.headers.get('x-pdf-engine')).toBe(engine)
      const { texts } = await readPdf(new Uint8Array(await response.arrayBuffer()))
      expect(texts.at(-1)).toBe(formatMoney(invoice, totalsOf(invoice).gross))
    }
  })

  it('of over 200 lines times out on release 2.0.0 of the new engine only', async () => {
    await example.become({ version: 4, percent: 100 })
    const late = await example.ask(pdfOf(big), userOf(big))
    expect([late.status, late.headers.get('x-pdf-engine')]).toEqual([504, 'new'])
    expect(await errorOf(late)).toMatchObject({ code: 'pdf-timed-out' })
  })

  it('is refused on both engines while the tax number is missing', async () => {
    for (const [version, percent, engine] of [
      [5, 0, 'classic'],
      [6, 100, 'new'],
    ] as const) {
      await example.become({ version, percent })
      const refused = await example.ask(pdfOf(lacking), userOf(lacking))
      expect([refused.status, refused.headers.get('x-pdf-engine')]).toEqual([422, engine])
      expect(await errorOf(refused)).toMatchObject({ code: 'tax-number-missing' })
      expect((await example.ask(pdfOf(lacking, -1), userOf(lacking))).status).toBe(200)
    }
  })

  it('is reported to Dimmer with its outcome, its duration and its units; accounts are introduced once', async () => {
    await example.client.flush()
    const all = example.dimmer.batches.flatMap(batch => batch.tracks)
    const tracks = all.filter(({ name }) => name === 'pdf.generated')
    expect(all.filter(({ name }) => name === 'pdf.exported')).toHaveLength(tracks.filter(({ ok }) => ok).length)
    const units = (account: Account) => ({ account: account.id, user: userOf(account) })
    expect(tracks.map(track => [track.name, track.ok, track.units])).toEqual([
      ['pdf.generated', true, units(small)],
      ['pdf.generated', true, units(small)],
      ['pdf.generated', false, units(big)],
      ['pdf.generated', false, units(lacking)],
      ['pdf.generated', true, units(lacking)],
      ['pdf.generated', false, units(lacking)],
      ['pdf.generated', true, units(lacking)],
    ])
    expect(tracks[0]?.ms).toBeGreaterThan(0)
    expect(tracks[2]?.ms).toBeGreaterThanOrEqual(50)
    const identifies = example.dimmer.batches.flatMap(batch => batch.identifies)
    expect(identifies.map(({ units: { account } }) => account)).toEqual([small.id, big.id, lacking.id])
    expect(identifies[0]?.attributes).toMatchObject({ plan: small.plan, country: small.country, seats: small.seats })
  })
})

describe('who may ask', () => {
  it('is a user of the population, about the own account', async () => {
    expect((await example.ask(pdfOf(small))).status).toBe(401)
    expect((await example.ask(pdfOf(small), 'u-99999')).status).toBe(401)
    expect((await example.ask(pdfOf(small), userOf(big))).status).toBe(403)
    expect((await example.ask(`/accounts/${small.id}/invoices/inv-1/pdf`, userOf(small))).status).toBe(404)
    expect((await example.ask('/nowhere', userOf(small))).status).toBe(404)
  })

  it('sees the list of the own invoices', async () => {
    const response = await example.ask(`/accounts/${small.id}/invoices`, userOf(small))
    const { invoices } = (await response.json()) as { invoices: { id: string; gross: number }[] }
    expect(invoices.map(({ id, gross }) => [id, gross])).toEqual(
      invoicesOf(small).map(invoice => [invoice.id, totalsOf(invoice).gross]),
    )
  })
})

describe('an invoice', () => {
  const draft = { customer: 'Elmford Tools', lines: [{ description: 'Saw', quantity: 2, unitPrice: 500 }] }

  it('is priced on the terms of the account, and reported to Dimmer', async () => {
    const response = await example.ask('/invoices', userOf(small), draft)
    expect(response.status).toBe(201)
    expect(await response.json()).toMatchObject({ invoice: { customer: 'Elmford Tools', net: 1_000 } })
    await example.client.flush()
    const tracks = example.dimmer.batches.flatMap(batch => batch.tracks)
    expect(tracks.filter(({ name }) => name === 'invoice.created').map(({ units }) => units.user)).toEqual([
      userOf(small),
    ])
  })

  it('is refused without a customer or lines', async () => {
    for (const wrong of [{}, { ...draft, customer: '' }, { ...draft, lines: [] }]) {
      const response = await example.ask('/invoices', userOf(small), wrong)
      expect(response.status).toBe(400)
      expect(await errorOf(response)).toMatchObject({
        message: expect.stringContaining('a customer and 1 to 900 lines'),
      })
    }
  })
})

describe('the other flags', () => {
  it('give about half of the users the redesigned dashboard, the same one each time', async () => {
    const layoutFor = async (userId: string) => {
      const response = await example.ask('/dashboard', userId)
      return ((await response.json()) as { layout: string }).layout
    }
    const ids = population.users.slice(0, 60).map(user => user.id)
    const layouts = await Promise.all(ids.map(layoutFor))
    expect(await Promise.all(ids.map(layoutFor))).toEqual(layouts)
    expect(new Set(layouts)).toEqual(new Set(['classic', 'redesigned']))
  })

  it('give the assistant to free accounts in the US and GB only', async () => {
    const inside = find(account => account.plan === 'free' && account.country === 'GB')
    const elsewhere = find(account => account.plan === 'free' && account.country === 'DE')
    const paying = find(account => account.plan === 'pro' && account.country === 'GB')
    const statusFor = async (account: Account, body: unknown) =>
      (await example.ask('/chat', userOf(account), body)).status
    const answer = await example.ask('/chat', userOf(inside), { message: 'What is the total?' })
    const [first] = invoicesOf(inside)
    const cents = invoicesOf(inside).reduce((sum, invoice) => sum + totalsOf(invoice).gross, 0)
    expect(await answer.json()).toEqual({ reply: expect.stringContaining(first ? formatMoney(first, cents) : '-') })
    expect(await statusFor(elsewhere, { message: 'Hello' })).toBe(403)
    expect(await statusFor(paying, { message: 'Hello' })).toBe(403)
    for (const message of ['', ' ', 7, 'x'.repeat(1_001)]) expect(await statusFor(inside, { message })).toBe(400)
  })

  it('give the bulk API to three named accounts', async () => {
    const named = find(account => account.id === BULK_INVOICE_ACCOUNTS.alderbrook.id)
    const body = {
      invoices: [{ customer: 'Elmford Tools', lines: [{ description: 'Saw', quantity: 2, unitPrice: 500 }] }],
    }
    const response = await example.ask('/invoices/bulk', userOf(named), body)
    const priced = { number: '2026-B001', issuedOn: '2026-11-21', customer: 'Elmford Tools', net: 1_000 }
    expect(await response.json()).toMatchObject({ invoices: [priced] })
    expect((await example.ask('/invoices/bulk', userOf(small), body)).status).toBe(403)
    const lines = [{ description: 'Saw', quantity: -2, unitPrice: 500 }]
    for (const wrong of [{}, { invoices: [] }, { invoices: [{ customer: 'Elmford Tools', lines }] }]) {
      expect((await example.ask('/invoices/bulk', userOf(named), wrong)).status).toBe(400)
    }
  })

  it('close the product for maintenance, except for its health', async () => {
    await example.become({ version: 10, maintenance: true })
    for (const path of [pdfOf(small), '/dashboard', `/accounts/${small.id}/invoices`]) {
      expect((await example.ask(path, userOf(small))).status).toBe(503)
    }
    expect((await example.ask('/healthz')).status).toBe(200)
    await example.become({ version: 11 })
    expect((await example.ask('/dashboard', userOf(small))).status).toBe(200)
  })
})

it('answers malformed JSON with 400', async () => {
  const inside = find(account => account.plan === 'free' && account.country === 'US')
  const headers = { 'x-user-id': userOf(inside), 'content-type': 'application/json' }
  const response = await fetch(`${example.api.url}/chat`, { method: 'POST', headers, body: '{' })
  expect(response.status).toBe(400)
})
