/** How the browser SDK spaces its attempts: the first within a second, none after more than 30. */
export const RETRY = {
  random: (): number => Math.random(),
  now: (): number => performance.now(),
  baseMs: 1_000,
  capMs: 30_000,
  stableAfterMs: 60_000,
}
