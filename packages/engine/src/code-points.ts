/** A set of code points: ranges with both ends in, in order, none touching the next. */
export type CodePoints = readonly (readonly [low: number, high: number])[]

const LAST = 0x10ffff

/** The set of whatever is in one of the ranges, in any order. */
export function codePoints(ranges: readonly (readonly [number, number])[]): CodePoints {
  const merged: [number, number][] = []
  for (const [low, high] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1)
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high)
    else merged.push([low, high])
  }
  return merged
}

/** Everything else. */
export function complement(set: CodePoints): CodePoints {
  const starts = [0, ...set.map(([, high]) => high + 1)]
  const ends = [...set.map(([low]) => low - 1), LAST]
  return starts.map((start, index) => [start, ends[index] ?? LAST] as const).filter(([low, high]) => low <= high)
}

/** Whether the two have nothing in common. */
export function areDisjoint(one: CodePoints, other: CodePoints): boolean {
  return one.every(([low, high]) => other.every(([from, to]) => high < from || to < low))
}

/** RE2's flag `i` for ASCII: each letter in both cases, and the two signs beyond ASCII that fold to one. */
export function withBothCases(set: CodePoints): CodePoints {
  const more: [number, number][] = []
  for (let upper = 65; upper <= 90; upper++) {
    const orbit = [upper, upper + 32, ...(upper === 75 ? [0x212a] : []), ...(upper === 83 ? [0x17f] : [])]
    const isIn = orbit.some(one => !areDisjoint([[one, one]], set))
    if (isIn) more.push(...orbit.map((one): [number, number] => [one, one]))
  }
  return codePoints([...set, ...more])
}
