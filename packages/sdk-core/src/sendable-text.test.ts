import { describe, expect, it } from 'vitest'
import { cleanText, isSendableText } from './sendable-text.ts'

describe('text', () => {
  it.each(['', 'acc-1', 'Zoë 😀 \\u0000', '\u0001', 'x'.repeat(200)])('%j can be sent', text => {
    expect(isSendableText(text)).toBe(true)
  })

  it.each([['a\0'], ['\ud800'], ['a\udfffb'], ['\udc00\ud800'], ['x'.repeat(201)], [7], [null]])('%j cannot', text => {
    expect(isSendableText(text)).toBe(false)
  })
})

it('cuts what is too long, and replaces what cannot be stored', () => {
  expect(cleanText('a\0b\ud800')).toBe('a\ufffdb\ufffd')
  expect(cleanText('x'.repeat(300))).toBe('x'.repeat(200))
  expect(isSendableText(cleanText(`${'x'.repeat(199)}😀`))).toBe(true)
})
