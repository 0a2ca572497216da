/** Walks the chain entry by entry and says where it first breaks. Pure. */
import type { AuditAnchor, AuditProblem } from '@dimmer/protocol'
import { hashDetails, hashEntry } from '../../kernel/journal.ts'
import type { JournalRow } from './audit-store.ts'
import { readBody } from './journal-body.ts'

/** What stands before the first entry. */
const START: AuditAnchor = { seq: 0, hash: '0'.repeat(64) }

const problem = (seq: number, kind: AuditProblem['kind'], message: string): AuditProblem => ({ seq, kind, message })

/** Feed it all entries in the order of their places, then ask `end`. The first problem is the one that counts. */
export class ChainCheck {
  readonly #anchor: AuditAnchor | undefined
  /** Redacted entries that no erasure has answered for yet: place -> id of the redaction. */
  readonly #unanswered = new Map<number, string>()
  #last = START
  #entries = 0
  #redacted = 0
  #problem: AuditProblem | undefined

  /** @param anchor an end of the chain that was kept elsewhere */
  constructor(anchor?: AuditAnchor) {
    this.#anchor = anchor
    this.#meet(START)
  }

  /** How many were looked at. */
  get entries(): number {
    return this.#entries
  }

  /** The last entry. */
  get last(): AuditAnchor {
    return this.#last
  }

  get redacted(): number {
    return this.#redacted
  }

  get problem(): AuditProblem | undefined {
    return this.#problem
  }

  add(row: JournalRow): void {
    this.#problem ??= this.#check(row)
    if (row.seq === null || row.hash === null) return
    this.#last = { seq: row.seq, hash: row.hash }
    this.#entries++
    this.#meet(this.#last)
  }

  /** The entries up to the one before `row` are elsewhere: goes on from what `row` says of them. */
  skipTo(row: Pick<JournalRow, 'seq' | 'previous'>): void {
    if (row.seq === null || row.previous === null || row.seq <= this.#last.seq + 1) return
    this.#last = { seq: row.seq - 1, hash: row.previous }
    this.#meet(this.#last)
  }

  /** @param head where the database says that the chain ends */
  end(head: AuditAnchor, unchained: boolean): void {
    this.assertAnswered()
    if (head.seq !== this.#last.seq || head.hash !== this.#last.hash) {
      const text = `The chain should end at entry ${head.seq}; it ends at ${this.#last.seq}.`
      this.#problem ??= problem(this.#last.seq, 'cut-off', text)
    }
    this.assertReached()
    if (unchained) {
      this.#problem ??= problem(this.#last.seq, 'inserted', 'There is an entry without a place in the chain.')
    }
  }

  /** Every redaction has an erasure that says so. */
  assertAnswered(): void {
    const [seq] = this.#unanswered.keys()
    if (seq === undefined) return
    this.#problem ??= problem(seq, 'details-missing', `Details of entry ${seq} are gone, and no erasure says so.`)
  }

  /** The entry that was kept elsewhere is among them. */
  assertReached(): void {
    if (this.#anchor === undefined || this.#anchor.seq <= this.#last.seq) return
    const text = `Entry ${this.#anchor.seq} was there once; the chain ends at ${this.#last.seq} now.`
    this.#problem ??= problem(this.#last.seq, 'cut-off', text)
  }

  #check(row: JournalRow): AuditProblem | undefined {
    const seq = row.seq ?? 0
    const next = this.#last.seq + 1
    if (seq !== next) return problem(next, 'missing', `Entry ${next} is missing; entry ${seq} comes in its place.`)
    if (row.previous !== this.#last.hash) {
      return problem(seq, 'inserted', `Entry ${seq} doesn't follow the one before: it was put here or moved.`)
    }
    const body = readBody(row.body)
    if (body === undefined || row.hash !== hashEntry(this.#last.hash, seq, row.body)) {
      return problem(seq, 'changed', `Entry ${seq} was changed.`)
    }
    for (const redacted of body.redacts ?? []) {
      if (this.#unanswered.get(redacted) === body.object.key) this.#unanswered.delete(redacted)
    }
    return this.#checkDetails(row, seq, body.details)
  }

  #checkDetails(row: JournalRow, seq: number, hash: string | undefined): AuditProblem | undefined {
    if (row.redaction !== null) {
      this.#redacted++
      this.#unanswered.set(seq, row.redaction)
      return undefined
    }
    if (hash === undefined && row.details === null) return undefined
    if (row.details === null) return problem(seq, 'details-missing', `The details of entry ${seq} are missing.`)
    if (hash === hashDetails(row.details_salt ?? '', row.details)) return undefined
    return problem(seq, 'details-changed', `The details of entry ${seq} were changed.`)
  }

  #meet({ seq, hash }: AuditAnchor): void {
    if (this.#anchor?.seq !== seq || this.#anchor.hash === hash) return
    const text = `Entry ${seq} isn't the one that was there: the journal was rewritten, up to this entry or all of it.`
    this.#problem ??= problem(seq, 'rewritten', text)
  }
}
