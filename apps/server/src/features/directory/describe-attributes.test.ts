import { Directory } from '@dimmer/engine'
import { expect, it } from 'vitest'
import { describeAttributes } from './describe-attributes.ts'

it('says what accounts and users are known by, the most common first, with the values that most have', () => {
  const directory = new Directory(
    [
      { id: 'a', attributes: { plan: 'free', address: { country: 'DE' }, tags: ['beta', 'eu'] } },
      { id: 'b', attributes: { plan: 'pro', mrr: 12 } },
      { id: 'c', attributes: { plan: 'pro', tags: ['eu'], nothing: null } },
    ],
    [{ id: 'u', accountId: 'a', attributes: { admin: true, deep: { one: { two: { three: 'x' } } } } }],
  )
  expect(describeAttributes(directory)).toEqual([
    { path: 'plan', unit: 'account', list: false, types: ['text'], examples: ['pro', 'free'] },
    { path: 'tags', unit: 'account', list: true, types: ['text'], examples: ['eu', 'beta'] },
    { path: 'address.country', unit: 'account', list: false, types: ['text'], examples: ['DE'] },
    { path: 'mrr', unit: 'account', list: false, types: ['number'], examples: [12] },
    { path: 'admin', unit: 'user', list: false, types: ['boolean'], examples: [true] },
    { path: 'nothing', unit: 'account', list: false, types: [], examples: [] },
  ])
})

it('gives 20 examples and 300 paths at the most, however much there is', () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => ({
    id: `a${index}`,
    attributes: { name: `Company ${index}`, [`only-${index}`]: index },
  }))
  const views = describeAttributes(new Directory(rows, []))
  expect(views).toHaveLength(300)
  expect(views[0]?.examples).toHaveLength(20)
})
