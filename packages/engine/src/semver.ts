/** Semantic versions, 2.0.0, compared where they stand: reading one allocates nothing. */

const DOT = 46
const DASH = 45
const PLUS = 43
const ZERO = 48

function isDigit(code: number): boolean {
  return code >= ZERO && code <= 57
}

function isWordCode(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === DASH
}

/** How many digits stand at `start`. */
function digitsFrom(text: string, start: number): number {
  let end = start
  while (end < text.length && isDigit(text.charCodeAt(end))) end++
  return end - start
}

/** Where the number at `start` ends; -1 when there is none or it has a zero too many. */
function numberEnd(text: string, start: number): number {
  const end = start + digitsFrom(text, start)
  const isZeroed = end - start > 1 && text.charCodeAt(start) === ZERO
  return end === start || isZeroed ? -1 : end
}

/** Where the identifier at `start` ends: letters, digits and dashes. */
function wordEnd(text: string, start: number): number {
  let end = start
  while (end < text.length && isWordCode(text.charCodeAt(end))) end++
  return end
}

function isNumeric(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isDigit(text.charCodeAt(i))) return false
  return true
}

/** Where the dotted identifiers at `start` end; -1 when one is empty, or a number with a zero too many. */
function wordsEnd(text: string, start: number, zeroesMatter: boolean): number {
  for (let at = start; ; ) {
    const end = wordEnd(text, at)
    if (end === at) return -1
    if (zeroesMatter && end - at > 1 && text.charCodeAt(at) === ZERO && isNumeric(text, at, end)) return -1
    if (text.charCodeAt(end) !== DOT) return end
    at = end + 1
  }
}

/** Where major, minor and patch end; -1 when they are not there. */
function coreEnd(text: string): number {
  const major = numberEnd(text, 0)
  if (major < 0 || text.charCodeAt(major) !== DOT) return -1
  const minor = numberEnd(text, major + 1)
  if (minor < 0 || text.charCodeAt(minor) !== DOT) return -1
  return numberEnd(text, minor + 1)
}

/** Where what counts ends: the version without its build metadata; -1 when the text is no version. */
function precedenceEnd(text: string): number {
  const core = coreEnd(text)
  if (core < 0) return -1
  const end = text.charCodeAt(core) === DASH ? wordsEnd(text, core + 1, true) : core
  if (end < 0 || end === text.length) return end
  return text.charCodeAt(end) === PLUS && wordsEnd(text, end + 1, false) === text.length ? end : -1
}

/** Two identifiers at the same place, `a` at `from` and `b` at `start`: below, equal or above 0. */
function compareWords(a: string, from: number, b: string, start: number): number {
  const end = wordEnd(a, from)
  const stop = wordEnd(b, start)
  const numeric = isNumeric(a, from, end)
  if (numeric !== isNumeric(b, start, stop)) return numeric ? -1 : 1
  if (numeric && end - from !== stop - start) return end - from - (stop - start)
  const shared = Math.min(end - from, stop - start)
  for (let i = 0; i < shared; i++) {
    const difference = a.charCodeAt(from + i) - b.charCodeAt(start + i)
    if (difference !== 0) return difference
  }
  return end - from - (stop - start)
}

/** Major, minor and patch. Where two versions part, both are in the same number: the one with more digits to come is larger. */
function compareReleases(a: string, b: string): number {
  let i = 0
  for (; i < a.length; i++) {
    const code = a.charCodeAt(i)
    if (code !== b.charCodeAt(i) || !(code === DOT || isDigit(code))) break
  }
  const left = digitsFrom(a, i)
  const leftInB = digitsFrom(b, i)
  if (left !== leftInB) return left - leftInB
  return left === 0 ? 0 : a.charCodeAt(i) - b.charCodeAt(i)
}

/** The identifiers after the dash: those of `a` from `at`, those of `b` from `other`, both followed by what doesn't count. */
function comparePreReleases(a: string, b: string, at: number, other: number): number {
  for (let i = at, j = other; ; i++, j++) {
    const difference = compareWords(a, i, b, j)
    if (difference !== 0) return difference
    i = wordEnd(a, i)
    j = wordEnd(b, j)
    const more = a.charCodeAt(i) === DOT
    const moreInB = b.charCodeAt(j) === DOT
    if (!more || !moreInB) return Number(more) - Number(moreInB)
  }
}

/**
 * The precedence of two versions: below 0, 0, or above 0; NaN when `text` is no version. `version` must be one.
 * Build metadata doesn't count.
 */
function compareSemver(text: string, version: string): number {
  if (precedenceEnd(text) < 0) return Number.NaN
  const release = compareReleases(text, version)
  if (release !== 0) return release
  const core = coreEnd(text)
  const other = coreEnd(version)
  const isPre = text.charCodeAt(core) === DASH
  const isOtherPre = version.charCodeAt(other) === DASH
  if (!isPre || !isOtherPre) return Number(isOtherPre) - Number(isPre)
  return comparePreReleases(text, version, core + 1, other + 1)
}

const MOST_PLAIN = 100_000_000
/** Not `a.b.c`, or longer than usual. */
const NOT_PLAIN = Number.NaN

/** The order of a version that is three numbers of a usual length, in one pass over it. */
function comparePlain(text: string, release: readonly number[]): number {
  let part = 0
  let number = -1
  let order = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isDigit(code)) {
      if (number === 0 || number > MOST_PLAIN) return NOT_PLAIN
      number = (number < 0 ? 0 : number * 10) + code - ZERO
    } else {
      if (code !== DOT || number < 0 || part === 2) return NOT_PLAIN
      order ||= number - (release[part] ?? 0)
      part++
      number = -1
    }
  }
  if (part !== 2 || number < 0) return NOT_PLAIN
  return order || number - (release[2] ?? 0)
}

/**
 * Compares texts with a version: below 0, 0 or above 0 by the precedence of semver.org, NaN for what is none. Undefined
 * when `version` itself is none: `1.2.3`, `1.2.3-beta.1`, `1.2.3+build.7` are; `v1.2.3` and `1.2` are not.
 */
export function semverOrder(version: string): ((text: string) => number) | undefined {
  if (precedenceEnd(version) < 0) return undefined
  const release = version.split('.').map(Number)
  if (Number.isNaN(comparePlain(version, release))) return text => compareSemver(text, version)
  return text => {
    const order = comparePlain(text, release)
    return Number.isNaN(order) ? compareSemver(text, version) : order
  }
}
