// @ts-check

/**
 * How steep the floor of a sawtooth is, per hour: memory goes up until somebody collects garbage, so that only the
 * least value of each stretch says anything. A straight line through those, by least squares.
 * @param {readonly { atMs: number, value: number }[]} samples in order
 * @param {number} stretchMs
 */
export function slopePerHour(samples, stretchMs) {
  /** @type {Map<number, { atMs: number, value: number }>} */
  const floor = new Map()
  for (const sample of samples) {
    const stretch = Math.floor(sample.atMs / stretchMs)
    const known = floor.get(stretch)
    if (known === undefined || sample.value < known.value) floor.set(stretch, sample)
  }
  const points = [...floor.values()]
  const mean = (/** @type {(point: { atMs: number, value: number }) => number} */ of) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const at = mean(({ atMs }) => atMs)
  const level = mean(({ value }) => value)
  const across = mean(({ atMs }) => (atMs - at) ** 2)
  if (!(across > 0)) throw new RangeError('a slope needs two stretches')
  return (mean(point => (point.atMs - at) * (point.value - level)) / across) * 3_600_000
}
