/** How the events of an environment arrive. */

/** One event name, for one unit that its events belong to. */
export interface EventNameHealth {
  readonly name: string
  readonly unit: string
  /** When the latest of them happened. */
  readonly lastAt: string
  readonly count: number
  /** Mean of the last five whole minutes, by time of arrival. */
  readonly perMinute: number
}

/** Events that were lost, in the last 24 hours. */
export interface DroppedEvents {
  /**
   * `sdk-buffer`: an SDK had no room for them. `too-many-names`: the environment has 2,000 event names already. `refused`:
   * they were not valid, or a browser may not say that.
   */
  readonly reason: 'sdk-buffer' | 'too-many-names' | 'refused'
  readonly count: number
  /** Start of the latest hour in which it happened. */
  readonly lastAt: string
}

/** A name that isn't here has never arrived. */
export interface EventHealth {
  readonly names: readonly EventNameHealth[]
  readonly dropped: readonly DroppedEvents[]
}
