/** Where the server gets the time from. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
}
