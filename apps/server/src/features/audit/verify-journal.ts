import type { AuditAnchor, AuditVerification } from '@dimmer/protocol'
import type { Db } from '../../kernel/database.ts'
import { selectChain, selectHead, selectUnchained } from './audit-store.ts'
import { ChainCheck } from './chain-check.ts'

const PAGE = 2_000

/**
 * Goes through the whole journal as of one moment. With an `anchor`, an end of the chain that was noted before, it
 * finds a rewriting of everything too.
 */
export function verifyJournal(
  { db, clock }: { readonly db: Db; readonly clock: { now(): number } },
  anchor?: AuditAnchor,
): Promise<AuditVerification> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async tx => {
      const check = new ChainCheck(anchor)
      const head = await selectHead(tx)
      for (let page = await selectChain(tx, 0, PAGE); page.length > 0; ) {
        for (const row of page) check.add(row)
        page = await selectChain(tx, page.at(-1)?.seq ?? 0, PAGE)
      }
      check.end(head, (await selectUnchained(tx)) !== undefined)
      const { entries, redacted, problem } = check
      const verifiedAt = new Date(clock.now()).toISOString()
      return { intact: problem === undefined, entries, redacted, head, verifiedAt, problem: problem ?? null }
    })
}
