/** Refuses a number that is NaN, infinite or negative; `name` is what the message calls it. */
export function requireNonNegative(name: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) throw new RangeError(`${name} must be finite and at least 0, got ${value}`)
}

/** Refuses a number that is NaN, infinite, zero or negative. */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be finite and above 0, got ${value}`)
}

/** Refuses a number outside [0, 1]. */
export function requireProbability(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name} must be between 0 and 1, got ${value}`)
}

/** Refuses a number outside the open interval (0, 1). */
export function requireOpenProbability(name: string, value: number): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} must be above 0 and below 1, got ${value}`)
}

/** Refuses counts that are not `0 <= part <= whole`; fractions are allowed. */
export function requirePartOf(names: string, part: number, whole: number): void {
  requireNonNegative(names, whole)
  if (!(part >= 0 && part <= whole)) throw new RangeError(`${names}: ${part} of ${whole} is not possible`)
}
