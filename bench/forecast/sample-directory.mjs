// @ts-check
import { Directory } from '@dimmer/engine'

const countries = ['US', 'GB', 'DE', 'FR', 'NL', 'SE']

/** @param {number} index */
const planOf = index => (index % 60 === 0 ? 'enterprise' : index % 4 === 0 ? 'pro' : 'free')

/**
 * Accounts and users as an invoicing product would know them; the same each time.
 * @param {number} accounts
 * @param {number} users
 */
export function sampleDirectory(accounts, users) {
  const listed = Array.from({ length: accounts }, (_, index) => ({
    id: `acc-${index}`,
    attributes: {
      name: `Company ${index}`,
      plan: planOf(index),
      country: countries[index % countries.length],
      mrr: (index * 37) % 5_000,
      seats: (index % 40) + 1,
      createdAt: new Date(Date.UTC(2024, 0, 1 + (index % 700))).toISOString(),
    },
  }))
  const people = Array.from({ length: users }, (_, index) => ({
    id: `usr-${index}`,
    accountId: `acc-${(index * 7) % accounts}`,
    attributes: { email: `user${index}@company.example`, role: index % 5 === 0 ? 'admin' : 'member' },
  }))
  // Ids made by concatenation are ropes, which the first hash would flatten; a database gives flat ones.
  const [flatAccounts, flatPeople] = JSON.parse(JSON.stringify([listed, people]))
  return new Directory(flatAccounts, flatPeople)
}
