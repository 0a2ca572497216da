import type { Attributes } from '../attributes.ts'
import type { CompiledFlag } from '../compiled-flag.ts'
import type { Evaluation } from '../evaluation.ts'
import type { FlagKey } from '../model.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Directory } from './directory.ts'
import { RowContext } from './row-context.ts'

/** One flag of one snapshot, asked about every row of a directory: who got which evaluation. */
export class Probe {
  /** For each row the number of its evaluation. Rows are the users, then the accounts of whom no user is known. */
  readonly column: Int32Array
  /** The evaluations that occurred, by number. The engine shares them, so there are few. */
  readonly evaluations: Evaluation[] = []
  private readonly flag: CompiledFlag | undefined
  private readonly absent: Evaluation
  private readonly numbers = new Map<Evaluation, number>()

  constructor(snapshot: Snapshot, flagKey: FlagKey, rows: number) {
    this.flag = snapshot.flags.get(flagKey)
    this.absent = snapshot.notFound(flagKey)
    this.column = new Int32Array(rows)
  }

  ask(row: number, context: Attributes, now: number): void {
    const evaluation = this.flag === undefined ? this.absent : this.flag.evaluate(context, now)
    let number = this.numbers.get(evaluation)
    if (number === undefined) {
      number = this.evaluations.push(evaluation) - 1
      this.numbers.set(evaluation, number)
    }
    this.column[row] = number
  }

  /** A test of rows by their evaluation, which is asked once for each evaluation that occurred. */
  rowsWhere(accept: (evaluation: Evaluation) => boolean): (row: number) => boolean {
    const accepted = this.evaluations.map(accept)
    return row => accepted[this.column[row] ?? 0] === true
  }
}

export interface ForecastProgress {
  readonly done: number
  readonly total: number
}

const ROWS_PER_STEP = 4_096

/** How many rows a probe of this directory has. */
export const rowCount = (directory: Directory): number => directory.userIds.length + directory.accountIds.length

/** The row of an account about which no user is known. */
export const accountRow = (directory: Directory, account: number): number => directory.userIds.length + account

/** Asks all probes about everybody, making each context once. */
export function* askAll(
  directory: Directory,
  probes: readonly Probe[],
  now: number,
): Generator<ForecastProgress, void, undefined> {
  const { accountIds, userIds, firstUser } = directory
  const total = rowCount(directory)
  const contexts = new RowContext(directory)
  let done = 0
  let pause = ROWS_PER_STEP
  const ask = (row: number, context: Attributes) => {
    for (const probe of probes) probe.ask(row, context, now)
    done++
    if (done < pause) return false
    pause = done + ROWS_PER_STEP
    return true
  }
  for (let account = 0; account < accountIds.length; account++) {
    const first = firstUser[account] ?? 0
    const end = firstUser[account + 1] ?? 0
    if (first === end) {
      if (ask(accountRow(directory, account), contexts.ofAccount(account))) yield { done, total }
      continue
    }
    for (let user = first; user < end; user++) {
      if (ask(user, contexts.ofUser(user, account))) yield { done, total }
    }
    done++
  }
  for (let user = firstUser[accountIds.length] ?? 0; user < userIds.length; user++) {
    if (ask(user, contexts.ofUser(user, -1))) yield { done, total }
  }
  yield { done: total, total }
}
