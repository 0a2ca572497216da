/** What a bench gives. The JSON of `npm run bench -- NAME --json` is made of these. */

export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What we aim at, in the row's unit. */
  readonly goal?: number
  readonly met?: boolean
  /** Whom this row is about, or compared with. */
  readonly peer?: string
  /** Peer's value divided by ours: above 1, ours is better. */
  readonly ratio?: number
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly system: string
  readonly node: string
}

export interface Report {
  readonly name: string
  readonly machine: Machine
  readonly rows: readonly Row[]
}

export interface Result {
  readonly rows: readonly Row[]
  /** A table for people, where the rows as they are would be too long. */
  readonly text?: string
}

/** A folder `bench/NAME` has a `bench.mjs` that exports these. */
export interface Bench {
  /** One line for the list of benches. */
  readonly about: string
  /** `quick`: fewer rounds, where a bench has that. */
  run(options?: { readonly quick?: boolean }): Promise<Result>
}
