import { areDisjoint, type CodePoints, codePoints } from './code-points.ts'
import { type Piece, parsePlain } from './plain-regex-parser.ts'

/** A pattern that may begin anywhere is tried at each place: what it matches must be short, so that this stays linear. */
const LONGEST_ANYWHERE = 64

const union = (sets: readonly CodePoints[]): CodePoints => codePoints(sets.flat())

/** Whether nothing at all can be a match. */
function isNullable(piece: Piece): boolean {
  switch (piece.kind) {
    case 'one':
      return false
    case 'sequence':
      return piece.parts.every(isNullable)
    case 'choice':
      return piece.parts.some(isNullable)
    case 'repeat':
      return piece.least === 0 || isNullable(piece.part)
  }
}

/** With what a match can begin, given what can come after the piece. */
function firstOf(piece: Piece, after: CodePoints): CodePoints {
  switch (piece.kind) {
    case 'one':
      return piece.set
    case 'sequence':
      return piece.parts.reduceRight((next, part) => firstOf(part, next), after)
    case 'choice':
      return union(piece.parts.map(part => firstOf(part, after)))
    case 'repeat':
      return piece.least === 0 ? union([firstOf(piece.part, after), after]) : firstOf(piece.part, after)
  }
}

function longest(piece: Piece): number {
  switch (piece.kind) {
    case 'one':
      return 1
    case 'sequence':
      return piece.parts.reduce((sum, part) => sum + longest(part), 0)
    case 'choice':
      return Math.max(...piece.parts.map(longest))
    case 'repeat':
      return piece.most * longest(piece.part)
  }
}

/**
 * Whether the next character alone says how to go on, at each place where there is a choice: one more or no more, this
 * branch or that. Whoever tries the other choice after a failure then fails at that character, so that even an engine
 * that backtracks takes time in proportion to the text. `after`: what can come after the piece.
 */
function isDecided(piece: Piece, after: CodePoints): boolean {
  switch (piece.kind) {
    case 'one':
      return true
    case 'sequence': {
      let next = after
      for (const part of piece.parts.toReversed()) {
        if (!isDecided(part, next)) return false
        next = firstOf(part, next)
      }
      return true
    }
    case 'choice': {
      const firsts = piece.parts.map(part => firstOf(part, after))
      const areApart = firsts.every((first, index) => firsts.slice(index + 1).every(other => areDisjoint(first, other)))
      return areApart && !isNullable(piece) && piece.parts.every(part => isDecided(part, after))
    }
    case 'repeat': {
      const { part, least, most } = piece
      if (isNullable(part)) return false
      const first = firstOf(part, after)
      return (least === most || areDisjoint(first, after)) && isDecided(part, most > 1 ? union([first, after]) : after)
    }
  }
}

const escaped = (codePoint: number): string => `\\u{${codePoint.toString(16)}}`

/** The piece as the platform's `RegExp` has it, nothing left to its own reading. */
function sourceOf(piece: Piece): string {
  switch (piece.kind) {
    case 'one':
      return `[${piece.set.map(([low, high]) => `${escaped(low)}-${escaped(high)}`).join('')}]`
    case 'sequence':
      return piece.parts.map(sourceOf).join('')
    case 'choice':
      return `(?:${piece.parts.map(sourceOf).join('|')})`
    case 'repeat': {
      const most = piece.most === Number.POSITIVE_INFINITY ? '' : piece.most
      return `(?:${sourceOf(piece.part)}){${piece.least},${most}}`
    }
  }
}

/**
 * A test for a pattern that the platform's `RegExp` runs in linear time and understands as RE2 does, at a fifth of the
 * cost; undefined for any other. `pattern` is valid RE2.
 */
export function plainRegex(pattern: string, ignoreCase: boolean): ((text: string) => boolean) | undefined {
  const parsed = parsePlain(pattern, ignoreCase)
  if (parsed === undefined || !isDecided(parsed.piece, [])) return undefined
  if (!parsed.fromStart && !(longest(parsed.piece) <= LONGEST_ANYWHERE)) return undefined
  const source = `${parsed.fromStart ? '^' : ''}${sourceOf(parsed.piece)}${parsed.toEnd ? '$' : ''}`
  const expression = new RegExp(source, 'u')
  return text => expression.test(text)
}
