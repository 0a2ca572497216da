import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changesBetween } from './changes-between.ts'

const rule = (id: string, percent: number) => ({ id, share: { unit: 'account', percent }, serve: { variant: 'on' } })

describe('the changes of an entry', () => {
  it('name the place, and what was there before and after', () => {
    const before = { on: true, rules: [rule('pilots', 5), rule('eu', 10)] }
    expect(changesBetween(before, { on: false, rules: [rule('pilots', 25), rule('eu', 10)] })).toEqual([
      { path: 'on', before: true, after: false },
      { path: 'rules.pilots.share.percent', before: 5, after: 25 },
    ])
  })

  it('name members that came or went, and another order', () => {
    expect(changesBetween({ rules: [rule('a', 1)] }, { rules: [rule('b', 2)] })).toEqual([
      { path: 'rules.b', after: rule('b', 2) },
      { path: 'rules.a', before: rule('a', 1) },
    ])
    expect(changesBetween({ rules: [rule('a', 1), rule('b', 2)] }, { rules: [rule('b', 2), rule('a', 1)] })).toEqual([
      { path: 'rules (order)', before: ['a', 'b'], after: ['b', 'a'] },
    ])
  })

  it('take a list of plain values as one', () => {
    expect(changesBetween({ ids: ['a', 'b'] }, { ids: ['a'] })).toEqual([
      { path: 'ids', before: ['a', 'b'], after: ['a'] },
    ])
  })

  it('give one line for each part of what was made or deleted', () => {
    expect(changesBetween(undefined, { kind: 'server', name: 'x' })).toEqual([
      { path: 'kind', after: 'server' },
      { path: 'name', after: 'x' },
    ])
    expect(changesBetween({ name: 'x' }, undefined)).toEqual([{ path: 'name', before: 'x' }])
  })

  it('are none exactly where nothing differs', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue())
    fc.assert(
      fc.property(value, value, (before, after) => {
        expect(changesBetween(before, before)).toEqual([])
        const differ = JSON.stringify(before) !== JSON.stringify(after)
        if (differ && !sameMembers(before, after)) expect(changesBetween(before, after)).not.toEqual([])
      }),
    )
  })
})

/** Objects that say the same in another order of keys are no change. */
const sameMembers = (a: unknown, b: unknown): boolean => {
  try {
    expect(a).toEqual(b)
    return true
  } catch {
    return false
  }
}
