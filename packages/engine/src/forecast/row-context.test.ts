import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyContext } from '../../test/arbitraries.ts'
import { Directory } from './directory.ts'
import { RowContext } from './row-context.ts'

const present = (context: Readonly<Record<string, unknown>>) =>
  new Map(Object.entries(context).filter(([, value]) => value !== undefined))

/** What a row's context is by its definition. */
const merged = (...parts: readonly Readonly<Record<string, unknown>>[]) =>
  new Map(parts.flatMap(part => [...present(part)]))

it('gives each user the attributes of the account, then their own, and nothing of the user before', () => {
  const one = fc.record({ account: fc.integer({ min: -1, max: 1 }), attributes: anyContext })
  fc.assert(
    fc.property(fc.tuple(anyContext, anyContext), fc.array(one, { maxLength: 8 }), (accounts, people) => {
      const directory = new Directory(
        accounts.map((attributes, index) => ({ id: `acc-${index}`, attributes })),
        people.map(({ account, attributes }, index) => ({
          id: `usr-${index}`,
          accountId: account < 0 ? undefined : `acc-${account}`,
          attributes,
        })),
      )
      const contexts = new RowContext(directory)
      for (const account of [0, 1, -1]) {
        const [first = 0, end = directory.userIds.length] = [
          directory.firstUser[account < 0 ? 2 : account],
          account < 0 ? undefined : directory.firstUser[account + 1],
        ]
        for (let user = first; user < end; user++) {
          const userId = directory.userIds[user] ?? ''
          const person = people[Number(userId.slice(4))]
          const ids = account < 0 ? {} : { accountId: `acc-${account}` }
          const whole = merged(accounts[account] ?? {}, person?.attributes ?? {}, ids, { userId, targetingKey: userId })
          expect(present(contexts.ofUser(user, account))).toEqual(whole)
        }
      }
    }),
  )
})

it('asks about an account without users by its own attributes and id', () => {
  const directory = new Directory([{ id: 'acme', attributes: { plan: 'pro', accountId: 'other' } }], [])
  expect(new RowContext(directory).ofAccount(0)).toEqual({ plan: 'pro', accountId: 'acme', targetingKey: 'acme' })
})

it('puts the users of an account side by side, whatever their order', () => {
  const user = (id: string, accountId?: string) => ({ id, accountId, attributes: {} })
  const directory = new Directory(
    [
      { id: 'a', attributes: {} },
      { id: 'b', attributes: {} },
    ],
    [user('1', 'b'), user('2'), user('3', 'a'), user('4', 'c'), user('5', 'b')],
  )
  expect(directory.accountIds).toEqual(['a', 'b', 'c'])
  expect(directory.userIds).toEqual(['3', '1', '5', '4', '2'])
  expect([...directory.firstUser]).toEqual([0, 1, 3, 4])
})
