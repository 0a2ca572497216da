import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSealer } from './seal.ts'

const sealer = createSealer('the text that only this server knows')

it('gives back what was sealed, whatever it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, about) => {
      expect(sealer.open(sealer.seal(text, about), about)).toBe(text)
    }),
  )
})

it('shows nothing of the text, and seals the same text differently each time', () => {
  const [once, again] = [sealer.seal('token-12345', 'row'), sealer.seal('token-12345', 'row')]
  expect(once.toString('latin1')).not.toContain('token')
  expect(once.equals(again)).toBe(false)
})

it('stays shut for another row, another key, and after any change', () => {
  const sealed = sealer.seal('token-12345', 'row-1')
  expect(() => sealer.open(sealed, 'row-2')).toThrow()
  expect(() => createSealer('another text').open(sealed, 'row-1')).toThrow()
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8((changed.readUInt8(index) + 1) % 256, index)
    expect(() => sealer.open(changed, 'row-1')).toThrow()
  }
  expect(() => sealer.open(Buffer.alloc(3), 'row-1')).toThrow()
})
