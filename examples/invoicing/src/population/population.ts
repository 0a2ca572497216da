/**
 * Everybody who uses the invoicing product: invented, but the same on every machine and in every run.
 * 12,004 accounts, 45,000 users; 360 accounts (3 %) have invoices of more than 200 line items.
 */
import { companyName, mailDomain, mailName } from './names.ts'
import { createRandom, type Random, shuffled } from './random.ts'

export const ACCOUNT_COUNT = 12_004
export const USER_COUNT = 45_000
const ENTERPRISE_COUNT = 200

export type Plan = 'free' | 'pro' | 'business' | 'enterprise'
export type Country = 'US' | 'GB' | 'DE' | 'FR' | 'NL' | 'CH' | 'CA' | 'ES' | 'SE'
export type Role = 'owner' | 'admin' | 'accountant' | 'member'

export interface Account {
  /** "acc-00001" to "acc-12004". */
  readonly id: string
  readonly name: string
  readonly plan: Plan
  readonly country: Country
  readonly seats: number
  /** Monthly recurring revenue in whole US dollars. */
  readonly mrr: number
  /** ISO 8601. */
  readonly createdAt: string
  /** True: its invoices usually have more than 200 line items. */
  readonly big: boolean
}

export interface User {
  /** "u-00001" to "u-45000". */
  readonly id: string
  readonly email: string
  readonly accountId: string
  readonly role: Role
}

export interface Population {
  readonly accounts: readonly Account[]
  readonly users: readonly User[]
  account(id: string): Account | undefined
  user(id: string): User | undefined
  /** The users of an account: at least one, the owner first. */
  usersOf(accountId: string): readonly User[]
}

/** The three enterprise accounts that `bulk-invoice-api` names. */
export const BULK_INVOICE_ACCOUNTS = {
  harbourline: { id: 'acc-00001', name: 'Harbourline Freight' },
  alderbrook: { id: 'acc-00002', name: 'Alderbrook Foods' },
  kestrelgrid: { id: 'acc-00003', name: 'Kestrelgrid Energy' },
} as const

const NAMED = Object.values(BULK_INVOICE_ACCOUNTS)

const COUNTRIES: readonly (readonly [Country, number])[] = [
  ['US', 0.44],
  ['GB', 0.14],
  ['DE', 0.12],
  ['FR', 0.08],
  ['NL', 0.05],
  ['CH', 0.05],
  ['CA', 0.05],
  ['ES', 0.04],
  ['SE', 0.03],
]

interface PlanTerms {
  readonly accounts: number
  readonly seats: readonly [number, number]
  /** US dollars per seat and month. */
  readonly perSeat: number
  readonly big: number
}

/** How many accounts each plan has; `big` of them have the long invoices. */
const PLANS: Readonly<Record<Plan, PlanTerms>> = {
  enterprise: { accounts: ENTERPRISE_COUNT, seats: [100, 1_200], perSeat: 38, big: 192 },
  business: { accounts: 1_356, seats: [12, 90], perSeat: 24, big: 158 },
  pro: { accounts: 3_240, seats: [2, 15], perSeat: 12, big: 10 },
  free: { accounts: 7_208, seats: [1, 3], perSeat: 0, big: 0 },
}

const FIRST_DAY = Date.UTC(2019, 0, 7)
const LAST_DAY = Date.UTC(2026, 5, 30)
const DAY_MS = 86_400_000

const numbered = (prefix: string, index: number) => `${prefix}-${String(index + 1).padStart(5, '0')}`

function pickCountry(random: Random): Country {
  let left = random.next()
  for (const [country, share] of COUNTRIES) {
    left -= share
    if (left < 0) return country
  }
  return 'US'
}

/** Plan and size of every account, in the order of their ids: the named ones first, the rest in no order. */
function dealPlans(random: Random): { plan: Plan; big: boolean }[] {
  const dealt: { plan: Plan; big: boolean }[] = []
  for (const plan of ['free', 'pro', 'business', 'enterprise'] as const) {
    const { accounts, big } = PLANS[plan]
    for (let i = 0; i < accounts; i++) dealt.push({ plan, big: i >= accounts - big })
  }
  const named = dealt.splice(-NAMED.length)
  return [...named, ...shuffled(dealt, random)]
}

function makeAccounts(): Account[] {
  const random = createRandom('invoicing accounts')
  return dealPlans(random).map(({ plan, big }, index) => {
    const terms = PLANS[plan]
    const seats = random.int(...terms.seats)
    const name = companyName(random)
    return {
      id: numbered('acc', index),
      name: NAMED[index]?.name ?? name,
      plan,
      country: pickCountry(random),
      seats,
      mrr: seats * terms.perSeat,
      createdAt: new Date(random.int(FIRST_DAY / DAY_MS, LAST_DAY / DAY_MS) * DAY_MS).toISOString(),
      big,
    }
  })
}

/** How many users each account has: one, and its part of the rest by seats, so that all together are `USER_COUNT`. */
function dealUsers(accounts: readonly Account[]): number[] {
  const spare = accounts.map(account => account.seats - 1)
  const toDeal = USER_COUNT - accounts.length
  const perSpare = toDeal / spare.reduce((sum, seats) => sum + seats, 0)
  const exact = spare.map(seats => seats * perSpare)
  const dealt = exact.map(Math.floor)
  const missing = toDeal - dealt.reduce((sum, users) => sum + users, 0)
  const byRemainder = exact.map((users, index) => ({ index, left: users % 1 })).sort((a, b) => b.left - a.left)
  const lucky = new Set(byRemainder.slice(0, missing).map(({ index }) => index))
  return dealt.map((users, index) => 1 + users + (lucky.has(index) ? 1 : 0))
}

function pickRole(random: Random, isFirst: boolean): Role {
  if (isFirst) return 'owner'
  const draw = random.next()
  if (draw < 0.1) return 'admin'
  return draw < 0.3 ? 'accountant' : 'member'
}

function makeUsers(accounts: readonly Account[]): User[] {
  const random = createRandom('invoicing users')
  const users: User[] = []
  for (const [index, count] of dealUsers(accounts).entries()) {
    const account = accounts[index]
    if (!account) continue
    const domain = mailDomain(account.name)
    for (let i = 0; i < count; i++) {
      const id = numbered('u', users.length)
      // The number keeps addresses apart: names repeat.
      const email = `${mailName(random)}${users.length + 1}@${domain}`
      users.push({ id, email, accountId: account.id, role: pickRole(random, i === 0) })
    }
  }
  return users
}

/** Makes the population: the same each time, in about a tenth of a second. */
export function createPopulation(): Population {
  const accounts = makeAccounts()
  const users = makeUsers(accounts)
  const accountById = new Map(accounts.map(account => [account.id, account]))
  const userById = new Map(users.map(user => [user.id, user]))
  const usersByAccount = new Map<string, User[]>()
  for (const user of users) {
    const colleagues = usersByAccount.get(user.accountId)
    if (colleagues) colleagues.push(user)
    else usersByAccount.set(user.accountId, [user])
  }
  return {
    accounts,
    users,
    account: id => accountById.get(id),
    user: id => userById.get(id),
    usersOf: accountId => usersByAccount.get(accountId) ?? [],
  }
}
