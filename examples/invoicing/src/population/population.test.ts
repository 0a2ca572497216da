import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { findInvoice, invoiceIdsOf, invoicesOf, LONG_INVOICE_LINES, lacksTaxNumbers } from './invoices.ts'
import { type Account, BULK_INVOICE_ACCOUNTS, createPopulation } from './population.ts'

const population = createPopulation()
const { accounts, users } = population
const countBy = (plan: string) => accounts.filter(account => account.plan === plan).length

describe('the population', () => {
  it('has 12,004 accounts and 45,000 users with ids of their own', () => {
    expect(new Set(accounts.map(account => account.id)).size).toBe(12_004)
    expect(new Set(users.map(user => user.id)).size).toBe(45_000)
    expect(new Set(users.map(user => user.email)).size).toBe(45_000)
  })

  it('is the same each time', () => {
    const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
    const again = createPopulation()
    expect(digest([again.accounts, again.users])).toBe(digest([accounts, users]))
    expect({ accounts: digest(accounts), users: digest(users) }).toMatchInlineSnapshot(`
      {
        "accounts": "bcdfaf65bedeef2d",
        "users": "3ee17a11ab1d0d0a",
      }
    `)
  })

  it('has 200 enterprise accounts and mostly free ones', () => {
    expect(countBy('enterprise')).toBe(200)
    expect(countBy('free')).toBeGreaterThan(6_000)
    expect(countBy('free') + countBy('pro') + countBy('business') + countBy('enterprise')).toBe(12_004)
  })

  it('gives every account an owner and no more users than seats', () => {
    const fits = (account: Account) => {
      const members = population.usersOf(account.id)
      return members[0]?.role === 'owner' && members.length <= account.seats
    }
    expect(accounts.filter(account => !fits(account))).toEqual([])
  })

  it('finds accounts and users by id', () => {
    expect(population.account('acc-12004')?.id).toBe('acc-12004')
    expect(population.user('u-45000')?.id).toBe('u-45000')
    expect(population.account('acc-12005')).toBeUndefined()
    expect(population.user('')).toBeUndefined()
    expect(population.usersOf('nobody')).toEqual([])
  })

  it('knows the three accounts with bulk invoices as enterprise accounts', () => {
    for (const { id, name } of Object.values(BULK_INVOICE_ACCOUNTS)) {
      expect(population.account(id)).toMatchObject({ name, plan: 'enterprise' })
    }
  })
})

describe('the invoices', () => {
  const some = accounts.filter((account, index) => account.big || index % 8 === 0)
  const byAccount = some.map(account => ({ account, invoices: invoicesOf(account) }))

  it('are longer than 200 lines in 360 accounts, mostly enterprise', () => {
    const long = byAccount.filter(({ invoices }) => invoices.some(invoice => invoice.lines.length > LONG_INVOICE_LINES))
    expect(long).toHaveLength(360)
    expect(long.every(({ account }) => account.big)).toBe(true)
    expect(long.filter(({ account }) => account.plan === 'enterprise').length).toBeGreaterThan(180)
  })

  it('lack a tax number in two or three of a hundred accounts, in both kinds, and never in all of their invoices', () => {
    const lacking = byAccount.filter(({ invoices }) => invoices.some(invoice => !invoice.customerTaxNumber))
    expect(lacking.length).toBeGreaterThan(some.length * 0.02)
    expect(lacking.length).toBeLessThan(some.length * 0.03)
    expect(new Set(lacking.map(({ account }) => account.big))).toEqual(new Set([true, false]))
    expect(lacking.every(({ invoices }) => invoices.some(invoice => invoice.customerTaxNumber))).toBe(true)
    expect(lacking.map(({ account }) => account)).toEqual(some.filter(lacksTaxNumbers))
  })

  it('are 3 to 6 of 1 to 900 lines per account, the same each time', () => {
    for (const { account, invoices } of byAccount) {
      expect(invoices.map(invoice => invoice.id)).toEqual(invoiceIdsOf(account))
      expect(invoices.length).toBeGreaterThanOrEqual(3)
      expect(invoices.length).toBeLessThanOrEqual(6)
      for (const invoice of invoices) {
        expect(invoice.lines.length).toBeGreaterThanOrEqual(1)
        expect(invoice.lines.length).toBeLessThanOrEqual(900)
      }
    }
    const [first] = byAccount
    expect(first && findInvoice(first.account, first.invoices[1]?.id ?? '')).toEqual(first?.invoices[1])
    expect(first && findInvoice(first.account, 'acc-00002-inv-1')).toBeUndefined()
  })
})
