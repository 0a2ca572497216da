import type { ReceiptSummary, SkippedPart } from '@dimmer/protocol'
import { duration } from '../../shared/format/duration.ts'
import { count, counted } from '../../shared/format/number.ts'

const NAMED_AT_MOST = 5

/** How far a change has come, in words. */
export interface ReceiptWords {
  readonly done: boolean
  /** "142 of 142 SDK instances took it in 380 ms." */
  readonly headline: string
  /** Who was slowest; who is late. */
  readonly details: readonly string[]
}

const named = (late: readonly string[], all: number): string => {
  const more = all - Math.min(NAMED_AT_MOST, late.length)
  return `${late.slice(0, NAMED_AT_MOST).join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`
}

export function receiptWords(receipts: ReceiptSummary): ReceiptWords {
  const { instances, confirmed, slowest, slowestMs, late, vanished } = receipts
  const gone = vanished.length === 0 ? [] : [`Went away without confirming: ${named(vanished, vanished.length)}.`]
  if (instances === 0) {
    return {
      done: true,
      headline: 'No SDK instance is connected.',
      details: ['Whoever connects gets it at once.', ...gone],
    }
  }
  const time = slowestMs === null ? '' : ` in ${duration(slowestMs)}`
  const missing = instances - confirmed
  return {
    done: missing === 0,
    headline: `${count(confirmed)} of ${counted(instances, 'SDK instance')} took it${time}.`,
    details: [
      ...(slowest === null || confirmed < 2 ? [] : [`Slowest: ${slowest}.`]),
      ...(missing === 0 ? [] : [`Not confirmed yet: ${named(late, missing)}.`]),
      ...gone,
    ],
  }
}

function partName({ flag, path }: SkippedPart): string {
  const [, rule] = /\brules\[(\d+)\]/.exec(path) ?? []
  if (flag === null) return path
  return rule === undefined ? flag : `rule ${Number(rule) + 1} of ${flag}`
}

/** What an instance goes on without: "Skips what its SDK doesn't understand: rule 2 of new-pdf-engine (unknown-operator)". */
export function skippedWords(skips: readonly SkippedPart[]): string {
  const parts = skips.map(part => `${partName(part)} (${part.code})`)
  return `Skips what its SDK doesn't understand: ${named(parts, parts.length)}`
}
