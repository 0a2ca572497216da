/** Minutes in which a unit was active, and in which it failed at least once. */
export interface MinuteCount {
  readonly active: number
  readonly failed: number
}

/**
 * One minute of one stage: units that sent an event, and of them those that failed at least once, over **all** exposed
 * units (whenever first served) and all that are not. `activeTreated` and `activeControl` are sums of `historyWeight` over
 * the active units, or their plain number.
 */
export interface MinuteFact {
  /** Its start. The running minute is there with what is known of it so far. */
  readonly at: number
  readonly failedTreated: number
  readonly failedControl: number
  readonly activeTreated: number
  readonly activeControl: number
}
