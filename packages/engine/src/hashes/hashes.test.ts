import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { murmur3, murmur3Bytes } from '../murmur3.ts'
import { utf8 } from './bytes.ts'
import { md5 } from './md5.ts'
import { sha1 } from './sha1.ts'

const text = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constant('\ud800x'),
)
const hex = (bytes: readonly number[]) => Buffer.from(bytes).toString('hex')

describe('the hashes of other systems equal those of the platform', () => {
  it('SHA-1', () => {
    fc.assert(
      fc.property(text, message => {
        const words = sha1(message).map(word => word.toString(16).padStart(8, '0'))
        expect(words.join('')).toBe(createHash('sha1').update(message).digest('hex'))
      }),
    )
  })

  it('MD5', () => {
    fc.assert(
      fc.property(
        text,
        message => void expect(hex(md5(message))).toBe(createHash('md5').update(message).digest('hex')),
      ),
    )
  })

  it('at every length around a block', () => {
    for (let length = 50; length < 140; length++) {
      const message = 'a'.repeat(length)
      expect(hex(md5(message))).toBe(createHash('md5').update(message).digest('hex'))
      expect(sha1(message)[0]).toBe(createHash('sha1').update(message).digest().readUInt32BE(0))
    }
  })

  it('UTF-8, and Murmur3 over bytes as over text', () => {
    fc.assert(
      fc.property(text, message => {
        expect(utf8(message)).toEqual([...new TextEncoder().encode(message)])
        expect(murmur3Bytes(utf8(message))).toBe(murmur3(message))
      }),
    )
  })
})
