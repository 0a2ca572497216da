import type { ReceiptSummary } from '@dimmer/protocol'
import { describe, expect, it } from 'vitest'
import { receiptWords, skippedWords } from './receipt-words.ts'

const receipts: ReceiptSummary = {
  environment: 'production',
  version: 8,
  instances: 3,
  confirmed: 3,
  slowestMs: 16,
  slowest: 'b',
  late: [],
  vanished: [],
  nodes: 1,
}

describe('receiptWords', () => {
  it('is done when all have confirmed', () => {
    expect(receiptWords(receipts)).toEqual({
      done: true,
      headline: '3 of 3 SDK instances took it in 16 ms.',
      details: ['Slowest: b.'],
    })
  })

  it('names five of the late ones and counts the rest, also those that the server did not name', () => {
    const late = ['a', 'b', 'c', 'd', 'e', 'f']
    const words = receiptWords({ ...receipts, instances: 153, confirmed: 3, late })
    expect(words.done).toBe(false)
    expect(words.details).toContain('Not confirmed yet: a, b, c, d, e and 145 more.')
  })

  it('has no time and no slowest one before the first receipt', () => {
    const words = receiptWords({ ...receipts, confirmed: 0, slowestMs: null, slowest: null, late: ['a', 'b', 'c'] })
    expect(words.headline).toBe('0 of 3 SDK instances took it.')
    expect(words.details).toEqual(['Not confirmed yet: a, b, c.'])
  })

  it('names those who went away without a word', () => {
    expect(receiptWords({ ...receipts, vanished: ['api-7f9'] }).details).toEqual([
      'Slowest: b.',
      'Went away without confirming: api-7f9.',
    ])
  })

  it('says when nobody is connected', () => {
    expect(receiptWords({ ...receipts, instances: 0, confirmed: 0 }).headline).toBe('No SDK instance is connected.')
  })
})

it('says which rules of which flags an instance skips, and why', () => {
  expect(
    skippedWords([
      { flag: 'new-pdf-engine', path: 'flags.new-pdf-engine.rules[1].when.op', code: 'unknown-operator' },
      { flag: null, path: 'segments.pilots.when.op', code: 'unknown-operator' },
      { flag: 'ai-chatbot', path: 'flags.ai-chatbot.fallthrough.split.hash.scheme', code: 'unknown-hash' },
    ]),
  ).toBe(
    "Skips what its SDK doesn't understand: rule 2 of new-pdf-engine (unknown-operator), segments.pilots.when.op (unknown-operator), ai-chatbot (unknown-hash)",
  )
})
