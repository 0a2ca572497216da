import type { Attributes } from '../attributes.ts'
import type { Directory } from './directory.ts'

type Written = Record<string, unknown>

/** Assigning to `__proto__` would change the prototype instead. */
function put(context: Written, key: string, value: unknown): void {
  if (key !== '__proto__') context[key] = value
  else Object.defineProperty(context, key, { value, writable: true, enumerable: true, configurable: true })
}

function own(attributes: Attributes | undefined, key: string): unknown {
  return attributes !== undefined && Object.hasOwn(attributes, key) ? attributes[key] : undefined
}

/**
 * The contexts of a directory's rows, one after the other in one object for each account: merging two objects anew for
 * each user would take several times as long as evaluating a flag. A context is good until the next is asked for.
 */
export class RowContext {
  private readonly directory: Directory
  private account = -1
  private context: Written = {}
  private borrowed: Attributes = {}

  constructor(directory: Directory) {
    this.directory = directory
  }

  /** Only the account's attributes and ids, for an account about which no user is known. */
  ofAccount(account: number): Attributes {
    const accountId = this.directory.accountIds[account]
    return { ...this.directory.accountAttributes[account], targetingKey: accountId, accountId }
  }

  /** The attributes of the account (-1: none), then the user's own, then the ids. */
  ofUser(user: number, account: number): Attributes {
    const { accountIds, accountAttributes, userIds, userAttributes } = this.directory
    if (account === this.account) this.giveBack()
    else {
      this.account = account
      this.context = { ...accountAttributes[account] }
    }
    const { context } = this
    const attributes = userAttributes[user] ?? {}
    for (const key in attributes) put(context, key, attributes[key])
    this.borrowed = attributes
    context.userId = userIds[user]
    context.targetingKey = userIds[user]
    if (account >= 0) context.accountId = accountIds[account]
    return context
  }

  /** Undefined counts as absent, and keeps the object's layout. */
  private giveBack(): void {
    const attributes = this.directory.accountAttributes[this.account]
    for (const key in this.borrowed) put(this.context, key, own(attributes, key))
  }
}
