/** In the place of what was erased. */
export const ERASED = '[erased]'

/** A shorter id stands in too many words by chance. */
const SHORTEST_IN_TEXT = 6

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** The id as a word of its own: `acc-1` isn't in `acc-12`. */
const asWord = (id: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}_-])${escaped(id)}(?![\\p{L}\\p{N}_-])`, 'gu')

/**
 * A JSON value without these ids: strings that are one of them, and from six characters on also names of members and
 * words within longer strings. Everything else stays.
 */
export function hideText(value: unknown, ids: ReadonlySet<string>): unknown {
  const long = [...ids].filter(id => id.length >= SHORTEST_IN_TEXT)
  const hideWords = (text: string): string =>
    long.reduce((left, id) => (left.includes(id) ? left.replaceAll(asWord(id), ERASED) : left), text)
  const hide = (part: unknown): unknown => {
    if (typeof part === 'string') return ids.has(part) ? ERASED : hideWords(part)
    if (Array.isArray(part)) return part.map(hide)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [hideWords(name), hide(member)]))
  }
  return hide(value)
}
