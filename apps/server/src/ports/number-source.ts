/** A system that answers a query with one number, as it was at some time. */
export interface NumberSource {
  /**
   * The number at `at` (epoch ms); undefined when the query gives none there. Rejects with a `SourceError` when it could not
   * be asked, or when the answer is not one number.
   */
  numberAt(query: string, at: number): Promise<number | undefined>
}

/** Where such a system is, and what it wants to be shown. */
export interface SourcePlace {
  readonly url: string
  /** A bearer token. */
  readonly token?: string
}

export type OpenNumberSource = (place: SourcePlace) => NumberSource

/** The message is for people, and names no secrets. `passing`: worth another try with the same query. */
export class SourceError extends Error {
  override readonly name = 'SourceError' as const
  readonly passing: boolean

  constructor(message: string, options: { readonly passing: boolean; readonly cause?: unknown }) {
    super(message, options)
    this.passing = options.passing
  }
}
