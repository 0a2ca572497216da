import { type Account, BULK_INVOICE_ACCOUNTS, type Population } from '../population/population.ts'
import type { SamplePerson } from './page-data.ts'

const SEVERAL = 4

/** A few customers of every kind, for the page's list of people. */
export function samplePeople(population: Population): readonly SamplePerson[] {
  const named = new Set<string>(Object.values(BULK_INVOICE_ACCOUNTS).map(({ id }) => id))
  const first = (matches: (account: Account) => boolean) =>
    population.accounts.filter(account => !named.has(account.id) && matches(account)).slice(0, SEVERAL)
  const accounts = [
    ...population.accounts.filter(account => named.has(account.id)),
    ...first(account => account.plan === 'enterprise'),
    ...first(account => account.plan === 'business'),
    ...first(account => account.plan === 'free' && ['US', 'GB'].includes(account.country)),
    ...first(account => account.plan === 'free' && account.country === 'DE'),
  ]
  return accounts.flatMap(account => {
    const people = population.usersOf(account.id).slice(0, 2)
    return people.map(({ id, email }) => ({ userId: id, label: `${account.plan}, ${account.country}: ${email}` }))
  })
}
