const NUMBER = '(0|[1-9]\\d*)'
const WORD = '(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)'
const VERSION = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${WORD}(?:\\.${WORD})*))?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$`,
)

function compareWords(a: string, b: string): number {
  const [numericA, numericB] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (numericA && numericB) return Number(BigInt(a) > BigInt(b)) - Number(BigInt(a) < BigInt(b))
  if (numericA !== numericB) return numericA ? -1 : 1
  return Number(a > b) - Number(a < b)
}

/** -1, 0 or 1 by the precedence of semver.org; NaN when one is no version. */
export function referenceSemver(a: string, b: string): number {
  const [partsA, partsB] = [VERSION.exec(a), VERSION.exec(b)]
  if (!partsA || !partsB) return Number.NaN
  for (const part of [1, 2, 3]) {
    const order = compareWords(partsA[part] ?? '', partsB[part] ?? '')
    if (order !== 0) return order
  }
  const [preA, preB] = [partsA[4]?.split('.'), partsB[4]?.split('.')]
  if (!preA || !preB) return Number(preB !== undefined) - Number(preA !== undefined)
  for (const [i, word] of preA.entries()) {
    const other = preB[i]
    if (other === undefined) return 1
    const order = compareWords(word, other)
    if (order !== 0) return order
  }
  return Math.sign(preA.length - preB.length)
}
