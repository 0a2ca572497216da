/** `log(sum(exp(terms)))` without overflow or underflow; `-Infinity` for no terms. */
export function logSumExp(terms: readonly number[]): number {
  let largest = -Infinity
  for (const term of terms) if (term > largest) largest = term
  if (!Number.isFinite(largest)) return largest
  let sum = 0
  for (const term of terms) sum += Math.exp(term - largest)
  return largest + Math.log(sum)
}
