import type { Flag, Ruleset } from '@dimmer/engine'
import { expect, it } from 'vitest'
import { createManualClock } from '../../adapters/manual-clock.ts'
import { Feed } from './feed.ts'

const flag = (key: string, version: number, on: boolean): Flag => ({
  key,
  version,
  on,
  type: 'boolean',
  variants: { on: true, off: false },
  salt: key,
  offVariant: 'off',
  prerequisites: [],
  rules: [],
  fallthrough: { variant: 'on' },
})
const ruleset = (version: number): Ruleset => ({
  schema: 1,
  project: 'p',
  environment: 'e',
  version,
  flags: { a: flag('a', version, false) },
  segments: {},
  units: {},
})
const change = (to: number, key = 'a', on = true) => ({
  from: to - 1,
  to,
  flags: { [key]: flag(key, to, on) },
  segments: {},
})

function listen(feed: Feed, lastVersion?: number) {
  const frames: { name: string; id: number; data: { version?: number; from?: number; flags: object } }[] = []
  const sink = {
    write: (frame: Buffer) => {
      const [, name = '', id = '', data = ''] = /^event: (\w+)\nid: (\d+)\ndata: (.*)\n\n$/.exec(frame.toString()) ?? []
      frames.push({ name, id: Number(id), data: JSON.parse(data) })
    },
  }
  feed.attach(sink, lastVersion)
  return { frames, sink }
}

it('gives a newcomer everything and then each change, in order', () => {
  const feed = new Feed(ruleset(5), createManualClock(0))
  const { frames } = listen(feed)
  feed.push(change(6))
  feed.push(change(7, 'b'))
  expect(frames.map(({ name, id }) => [name, id])).toEqual([
    ['put', 5],
    ['patch', 6],
    ['patch', 7],
  ])
})

it('gives one who comes back only what it missed, as one patch', () => {
  const feed = new Feed(ruleset(5), createManualClock(0))
  for (const to of [6, 7, 8]) feed.push(change(to, to === 7 ? 'b' : 'a'))
  const { frames } = listen(feed, 6)
  expect(frames).toHaveLength(1)
  expect(frames[0]).toMatchObject({ name: 'patch', id: 8, data: { from: 6, to: 8 } })
  expect(Object.keys(frames[0]?.data.flags ?? {}).sort()).toEqual(['a', 'b'])
})

it('gives nothing to one who is up to date, and everything to one from too long ago or from the future', () => {
  const feed = new Feed(ruleset(5), createManualClock(0))
  feed.push(change(6))
  expect(listen(feed, 6).frames).toEqual([])
  expect(listen(feed, 3).frames.map(({ name }) => name)).toEqual(['put'])
  expect(listen(feed, 99).frames.map(({ name }) => name)).toEqual(['put'])
})

it('refuses a change that does not follow, and stays as it was', () => {
  const feed = new Feed(ruleset(5), createManualClock(0))
  const { frames } = listen(feed)
  expect(feed.push(change(7))).toBe(false)
  expect(feed.push(change(5))).toBe(false)
  expect(feed.version).toBe(5)
  expect(frames).toHaveLength(1)
})

it('takes a whole ruleset only if it is newer, and then forgets the changes before', () => {
  const feed = new Feed(ruleset(5), createManualClock(0))
  feed.push(change(6))
  feed.replace(ruleset(4))
  expect(feed.version).toBe(6)
  feed.replace(ruleset(9))
  expect(feed.version).toBe(9)
  expect(listen(feed, 5).frames.map(({ name }) => name)).toEqual(['put'])
})

it('sends nothing more to a stream that is closed', () => {
  const feed = new Feed(ruleset(5), createManualClock(0))
  const { frames, sink } = listen(feed)
  feed.detach(sink)
  feed.push(change(6))
  expect(frames).toHaveLength(1)
})
