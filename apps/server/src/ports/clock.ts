/** Where the server gets the time from. */
export interface Clock {
  /** Epoch milliseconds. A clock that is set jumps, also back: for points in time, not for durations. */
  now(): number
  /**
   * Milliseconds by a clock that never jumps: epoch ms when the process started, and wrong by each jump since. Absent:
   * `now` doesn't jump.
   */
  steady?(): number
}
