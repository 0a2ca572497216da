/** Who is asking, and what Dimmer is told about them. */
import type { IncomingMessage } from 'node:http'
import type { Account, Population, User } from '../population/population.ts'
import { ApiError } from './api-error.ts'

export interface Customer {
  readonly user: User
  readonly account: Account
}

/** The header that names the acting user. Stands in for a real sign-in: whoever sends it is believed. */
export const USER_HEADER = 'x-user-id'

/** The customer with this user id; undefined if there is none. */
export function findCustomer(population: Population, userId: string): Customer | undefined {
  const user = population.user(userId)
  const account = user && population.account(user.accountId)
  return user && account && { user, account }
}

/** The customer named by the request's header; undefined if it names nobody. */
export function customerIn(population: Population, request: IncomingMessage): Customer | undefined {
  const userId = request.headers[USER_HEADER]
  return typeof userId === 'string' ? findCustomer(population, userId) : undefined
}

/** As `customerIn`, but refuses (401) when the header names nobody. */
export function requireCustomer(population: Population, request: IncomingMessage): Customer {
  const customer = customerIn(population, request)
  if (!customer) throw new ApiError(401, 'unknown-user', `The header ${USER_HEADER} names no user of this product`)
  return customer
}

/** What Dimmer may know about a customer: the attributes that flags target and the units that shares count. */
export const contextOf = ({ user, account }: Customer) => ({
  targetingKey: user.id,
  userId: user.id,
  accountId: account.id,
  email: user.email,
  role: user.role,
  plan: account.plan,
  country: account.country,
  seats: account.seats,
  mrr: account.mrr,
  accountCreatedAt: account.createdAt,
})
