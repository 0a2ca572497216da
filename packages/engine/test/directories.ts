import type { DirectoryAccount, DirectoryUser } from '../src/index.ts'
import { Directory } from '../src/index.ts'

const PLANS = ['free', 'pro', 'enterprise'] as const
const COUNTRIES = ['US', 'GB', 'DE', 'FR'] as const

/** `accounts` accounts and `users` users, the same each time; every fourth account is pro, every sixtieth enterprise. */
export function directoryOf(accounts: number, users: number): Directory {
  const some: DirectoryAccount[] = Array.from({ length: accounts }, (_, index) => {
    const plan = PLANS[index % 60 === 0 ? 2 : index % 4 === 0 ? 1 : 0]
    const mrr = plan === 'enterprise' ? 5_000 + index : plan === 'pro' ? 100 : 0
    return {
      id: `acc-${index}`,
      attributes: { name: `Account ${index}`, plan, country: COUNTRIES[index % 4], mrr, seats: (index % 9) + 1 },
    }
  })
  const people: DirectoryUser[] = Array.from({ length: users }, (_, index) => ({
    id: `usr-${index}`,
    accountId: `acc-${(index * 7) % accounts}`,
    attributes: { role: index % 5 === 0 ? 'admin' : 'member', email: `user${index}@example.com` },
  }))
  return new Directory(some, people)
}
