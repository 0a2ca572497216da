import type { LiveEvent } from '@dimmer/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coalesce } from './coalesce.ts'
import { eventStreamParser } from './event-stream.ts'
import { connectLive, type StreamListeners } from './live-connection.ts'
import { parseLiveEvent, touchedBy } from './live-events.ts'

const looked: LiveEvent = { type: 'looked', rollout: 'r-1' }

function world() {
  const streams: (StreamListeners & { closed: boolean })[] = []
  const waits: { ms: number; task: () => void }[] = []
  const events: LiveEvent[] = []
  const live: boolean[] = []
  const stop = connectLive({
    open: listeners => {
      const stream = { ...listeners, closed: false }
      streams.push(stream)
      return () => {
        stream.closed = true
      }
    },
    onEvent: event => events.push(event),
    onLive: on => live.push(on),
    after: (ms, task) => {
      waits.push({ ms, task })
      return () => waits.pop()
    },
  })
  const stream = () => {
    const last = streams.at(-1)
    if (last === undefined) throw new Error('no stream was opened')
    return last
  }
  return { streams, stream, waits, events, live, stop }
}

describe('connectLive', () => {
  it('passes on events and ignores what it cannot read', () => {
    const { stream, events } = world()
    stream().message(JSON.stringify(looked))
    stream().message('{"type":"something-new"}')
    stream().message('not json')
    expect(events).toEqual([looked])
  })

  it('opens a new stream when one ends, waiting longer each time it fails', () => {
    const { stream, streams, waits } = world()
    for (const expected of [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
      stream().ended()
      expect(waits.at(-1)?.ms).toBe(expected)
      waits.at(-1)?.task()
    }
    expect(streams).toHaveLength(7)
  })

  it('says when it is lost and when it is back, and then retries fast again', () => {
    const { stream, live, waits } = world()
    stream().opened()
    stream().ended()
    waits.at(-1)?.task()
    stream().opened()
    stream().ended()
    expect(live).toEqual([true, false, true, false])
    expect(waits.map(wait => wait.ms)).toEqual([1_000, 1_000])
  })

  it('stops for good', () => {
    const { stream, waits, stop } = world()
    stream().ended()
    stop()
    expect(stream().closed).toBe(true)
    expect(waits).toEqual([])
  })
})

describe('eventStreamParser', () => {
  it('finds the same events however the text is cut', () => {
    const text = ':\n\ndata: {"a":1}\n\nid: 7\nevent: x\ndata:one\ndata: two\n\n:\n\n'
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: text.length })), cuts => {
        const seen: string[] = []
        const push = eventStreamParser(data => seen.push(data))
        const ends = [0, ...cuts.toSorted((a, b) => a - b), text.length]
        for (const [index, end] of ends.entries()) push(text.slice(ends[index - 1] ?? 0, end))
        expect(seen).toEqual(['{"a":1}', 'one\ntwo'])
      }),
    )
  })
})

describe('touchedBy', () => {
  it('reaches the pages that show what changed', () => {
    expect(touchedBy('inv', looked)).toEqual([['project', 'inv', 'rollouts', 'r-1']])
    const changed: LiveEvent = { type: 'flag-changed', flag: 'f', environment: 'production', version: 3 }
    expect(touchedBy('inv', changed)).toContainEqual(['project', 'inv', 'flags'])
  })

  it('is given events that were read from JSON', () => {
    expect(parseLiveEvent(JSON.stringify(looked))).toEqual(looked)
    expect(parseLiveEvent('null')).toBeUndefined()
  })
})

describe('coalesce', () => {
  it('hands over a burst once, and the next burst again', () => {
    const flushed: (readonly string[])[] = []
    const tasks: (() => void)[] = []
    const add = coalesce<string>(
      items => flushed.push(items),
      task => tasks.push(task),
    )
    for (const item of ['a', 'b', 'a']) add(item)
    tasks.shift()?.()
    add('a')
    tasks.shift()?.()
    expect(flushed).toEqual([['a', 'b'], ['a']])
    expect(tasks).toEqual([])
  })
})
