/** A delay in ms with full jitter: a random time up to a ceiling that doubles with each attempt (0, 1, ...). */
export function backOffMs(attempt: number): number {
  return Math.random() * Math.min(30_000, 1_000 * 2 ** attempt)
}
