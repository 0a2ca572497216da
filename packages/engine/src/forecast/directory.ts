import type { Attributes } from '../attributes.ts'

export interface DirectoryAccount {
  readonly id: string
  readonly attributes: Attributes
}

export interface DirectoryUser {
  readonly id: string
  /** Absent: the user belongs to no account. An account that isn't listed itself is one without attributes. */
  readonly accountId?: string | undefined
  readonly attributes: Attributes
}

const NOTHING: Attributes = Object.freeze({})

/**
 * The accounts and users that a forecast is made over, in columns: users stand in the order of their accounts, so that
 * those of one account are neighbours. Never changes. Each account, and each user, should be given once; of an
 * account given twice the later attributes count.
 */
export class Directory {
  readonly accountIds: readonly string[]
  readonly accountAttributes: readonly Attributes[]
  readonly userIds: readonly string[]
  readonly userAttributes: readonly Attributes[]
  /**
   * The users of account `a` are those from `firstUser[a]` up to, and without, `firstUser[a + 1]`. The last entry is
   * where the users without an account begin.
   */
  readonly firstUser: Int32Array

  constructor(accounts: Iterable<DirectoryAccount>, users: Iterable<DirectoryUser>) {
    const known = new Map<string, number>()
    const accountIds: string[] = []
    const accountAttributes: Attributes[] = []
    const numberOf = (id: string): number => {
      const number = known.get(id)
      if (number !== undefined) return number
      known.set(id, accountIds.length)
      accountAttributes.push(NOTHING)
      return accountIds.push(id) - 1
    }
    for (const { id, attributes } of accounts) accountAttributes[numberOf(id)] = attributes
    const rows: { readonly user: DirectoryUser; readonly account: number }[] = []
    for (const user of users) {
      rows.push({ user, account: user.accountId === undefined ? -1 : numberOf(user.accountId) })
    }
    this.firstUser = startsOf(rows, accountIds.length)
    const places = this.firstUser.slice()
    const userIds = new Array<string>(rows.length).fill('')
    const userAttributes = new Array<Attributes>(rows.length).fill(NOTHING)
    for (const { user, account } of rows) {
      const slot = account < 0 ? accountIds.length : account
      const place = places[slot] ?? 0
      places[slot] = place + 1
      userIds[place] = user.id
      userAttributes[place] = user.attributes
    }
    this.accountIds = accountIds
    this.accountAttributes = accountAttributes
    this.userIds = userIds
    this.userAttributes = userAttributes
  }
}

function startsOf(rows: readonly { readonly account: number }[], accounts: number): Int32Array {
  const starts = new Int32Array(accounts + 1)
  for (const { account } of rows) if (account >= 0) starts[account + 1] = (starts[account + 1] ?? 0) + 1
  for (let at = 1; at <= accounts; at++) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0)
  return starts
}
