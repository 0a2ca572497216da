import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combineIds, IdReader, readFile, readText } from './read-ids.ts'

const nothing = () => undefined

describe('ids', () => {
  it('are the same in whatever pieces the text comes', () => {
    const id = fc.stringMatching(/^[a-z0-9é-]{1,12}$/)
    fc.assert(
      fc.property(fc.array(id, { maxLength: 20 }), fc.array(fc.nat(5), { maxLength: 30 }), (ids, cuts) => {
        const text = ids.join('\n')
        const reader = new IdReader()
        let at = 0
        for (const cut of cuts) {
          reader.add(text.slice(at, at + cut))
          at += cut
        }
        reader.add(text.slice(at))
        expect(reader.end().ids).toEqual([...new Set(ids)])
      }),
    )
  })

  it('stand on lines, after commas or semicolons, in quotes or not; each counts once', async () => {
    const read = await readText('"acc-1", acc-2;\r\n acc-3\n\nacc-1\t\'acc 4\'', nothing)
    expect(read).toEqual({ ids: ['acc-1', 'acc-2', 'acc-3', 'acc 4'], repeated: 1, tooLong: 0 })
  })

  it('that are too long are left out, and counted', async () => {
    expect(await readText(`${'x'.repeat(201)}\nok`, nothing)).toEqual({ ids: ['ok'], repeated: 0, tooLong: 1 })
  })

  it('come out of a file of any size, with letters that lie across two pieces', async () => {
    const ids = Array.from({ length: 60_000 }, (_, index) => `konto-ä-${index}`)
    const seen: number[] = []
    const read = await readFile(new Blob([ids.join('\n')]), count => seen.push(count))
    expect(read.ids).toEqual(ids)
    expect(seen.length).toBeGreaterThan(2)
  })
})

it('lists are replaced, added to, and taken from', () => {
  expect(combineIds(['a', 'b'], ['b', 'c'], 'replace')).toEqual(['b', 'c'])
  expect(combineIds(['a', 'b'], ['b', 'c'], 'add')).toEqual(['a', 'b', 'c'])
  expect(combineIds(['a', 'b'], ['b', 'c'], 'remove')).toEqual(['a'])
})
