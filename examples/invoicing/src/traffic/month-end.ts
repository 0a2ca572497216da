import { lacksTaxNumbers } from '../population/invoices.ts'
import type { Population } from '../population/population.ts'
import type { PickAccount } from './traffic.ts'

/**
 * Traffic as at the end of a month: every other request comes from an account that also has an invoice without a tax
 * number, which both engines refuse. So there are many failures that have nothing to do with the engine.
 */
export function monthEnd({ accounts }: Population): PickAccount {
  const troubled = accounts.filter(lacksTaxNumbers)
  let turn = 0
  return random => {
    turn += 1
    return random.pick(turn % 2 === 0 ? troubled : accounts)
  }
}
