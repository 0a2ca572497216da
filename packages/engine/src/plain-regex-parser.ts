import { type CodePoints, codePoints, complement, withBothCases } from './code-points.ts'

/** A pattern, taken apart. `one` matches one code point. */
export type Piece =
  | { readonly kind: 'one'; readonly set: CodePoints }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Piece[] }
  | { readonly kind: 'repeat'; readonly part: Piece; readonly least: number; readonly most: number }

/** A whole pattern, and whether it is bound to the ends of the text. */
export interface PlainPattern {
  readonly piece: Piece
  readonly fromStart: boolean
  readonly toEnd: boolean
}

const DIGITS = [[48, 57]] as const
const WORD = [...DIGITS, [65, 90], [95, 95], [97, 122]] as const
const SPECIAL = '\\^$.|?*+()[]{}'

/** What stands for something else than itself is none of these. */
const isPlain = (char: string | undefined): char is string =>
  char !== undefined && char >= ' ' && char <= '~' && !SPECIAL.includes(char)
const isPunctuation = (char: string | undefined): char is string => char !== undefined && /^[!-/:-@[-`{-~]$/.test(char)

const QUANTIFIER = /(?:([*+?])|\{(\d{1,4})(,?)(\d{0,4})\})/y

/** Thrown where a pattern leaves the plain part of the syntax; never leaves this file. */
class NotPlain extends Error {}

/** Reads one pattern from left to right. */
class Parser {
  private readonly pattern: string
  private readonly ignoreCase: boolean
  private at: number

  constructor(pattern: string, ignoreCase: boolean) {
    this.pattern = pattern
    this.ignoreCase = ignoreCase
    this.at = 0
  }

  whole(): PlainPattern {
    const fromStart = this.take('^')
    const piece = this.choice()
    const toEnd = this.take('$')
    if (this.at < this.pattern.length) throw new NotPlain()
    // `^a|b$` binds each end to one branch only.
    if (piece.kind === 'choice' && (fromStart || toEnd)) throw new NotPlain()
    return { piece, fromStart, toEnd }
  }

  private take(text: string): boolean {
    if (!this.pattern.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }

  private next(): string {
    const char = this.pattern[this.at]
    if (char === undefined) throw new NotPlain()
    this.at++
    return char
  }

  private choice(): Piece {
    const parts = [this.sequence()]
    while (this.take('|')) parts.push(this.sequence())
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind: 'choice', parts }
  }

  private sequence(): Piece {
    const parts: Piece[] = []
    while (this.at < this.pattern.length && !'|)$'.includes(this.pattern[this.at] ?? '')) {
      parts.push(this.quantified(this.atom()))
    }
    return { kind: 'sequence', parts }
  }

  private atom(): Piece {
    if (this.take('(')) {
      if (this.take('?') && !this.take(':')) throw new NotPlain()
      const piece = this.choice()
      if (!this.take(')')) throw new NotPlain()
      return piece
    }
    if (this.take('.')) return { kind: 'one', set: complement([[10, 10]]) }
    if (this.take('[')) return { kind: 'one', set: this.members() }
    if (this.take('\\')) return { kind: 'one', set: this.cased(this.escape()) }
    const char = this.next()
    if (!isPlain(char)) throw new NotPlain()
    return { kind: 'one', set: this.cased(single(char)) }
  }

  /** What follows a backslash. */
  private escape(): CodePoints {
    const char = this.next()
    if (char === 'd') return DIGITS
    if (char === 'w') return codePoints(WORD)
    if (!isPunctuation(char)) throw new NotPlain()
    return single(char)
  }

  private cased(set: CodePoints): CodePoints {
    return this.ignoreCase ? withBothCases(set) : set
  }

  /** A class, after its bracket. */
  private members(): CodePoints {
    const isNegated = this.take('^')
    const ranges: (readonly [number, number])[] = []
    while (!this.take(']')) {
      const isLast = this.pattern[this.at + 1] === ']'
      const low = this.member(ranges.length === 0 || isLast)
      const isRange = this.pattern[this.at] === '-' && this.pattern[this.at + 1] !== ']'
      if (!isRange) {
        ranges.push(...low)
        continue
      }
      this.at++
      ranges.push(range(low, this.member(false)))
    }
    if (ranges.length === 0) throw new NotPlain()
    const set = this.cased(codePoints(ranges))
    return isNegated ? complement(set) : set
  }

  private member(mayBeDash: boolean): CodePoints {
    if (this.take('\\')) return this.escape()
    const char = this.next()
    if (char === '-' && !mayBeDash) throw new NotPlain()
    if (!isPlain(char) && !'.$|?*+(){}'.includes(char)) throw new NotPlain()
    return single(char)
  }

  private quantified(part: Piece): Piece {
    QUANTIFIER.lastIndex = this.at
    const [text, sign, least = '', comma, most = ''] = QUANTIFIER.exec(this.pattern) ?? []
    if (text === undefined) return part
    this.at += text.length
    // Another one after it: lazy, or repeated again.
    if ('*+?{'.includes(this.pattern[this.at] ?? ' ')) throw new NotPlain()
    if (sign !== undefined) {
      return { kind: 'repeat', part, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.POSITIVE_INFINITY }
    }
    const upTo = comma === '' ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most)
    return { kind: 'repeat', part, least: Number(least), most: upTo }
  }
}

function single(char: string): CodePoints {
  const code = char.charCodeAt(0)
  return [[code, code]]
}

/** From one member of a class to another: both must be single characters. */
function range(from: CodePoints, to: CodePoints): readonly [number, number] {
  const [[low, lowEnd] = [0, 1]] = from
  const [[high, highEnd] = [0, 1]] = to
  if (low !== lowEnd || high !== highEnd || from.length > 1 || to.length > 1 || low > high) throw new NotPlain()
  return [low, high]
}

/**
 * Takes a pattern of RE2 apart, if it is written in the part of the syntax that is the same everywhere: ASCII characters,
 * classes of them, groups, alternatives, greedy quantifiers, `^` at its beginning and `$` at its end. Undefined otherwise.
 */
export function parsePlain(pattern: string, ignoreCase: boolean): PlainPattern | undefined {
  try {
    return new Parser(pattern, ignoreCase).whole()
  } catch (error) {
    if (error instanceof NotPlain) return undefined
    throw error
  }
}
