import type { Rule, Ruleset } from '@dimmer/engine'
import { expect, it } from 'vitest'
import { createManualClock } from '../../adapters/manual-clock.ts'
import { PageStreams } from './page-streams.ts'

const NOON = Date.parse('2026-03-01T12:00:00Z')
const HOUR_MS = 3_600_000

function rulesetWith(version: number, times: Pick<Rule, 'from' | 'until'> = {}): Ruleset {
  return {
    schema: 1,
    project: 'p',
    environment: 'e',
    version,
    flags: {
      launch: {
        key: 'launch',
        version,
        on: true,
        type: 'boolean',
        variants: { on: true, off: false },
        salt: 's',
        offVariant: 'off',
        prerequisites: [],
        rules: [{ id: 'r', ...times, serve: { variant: 'on' } }],
        fallthrough: { variant: 'off' },
      },
    },
    segments: {},
    units: {},
  }
}
const ONE_HOUR = { from: '2026-03-01T13:00:00Z', until: '2026-03-01T14:00:00Z' }

function open(ruleset: Ruleset) {
  const clock = createManualClock(NOON)
  return { clock, streams: new PageStreams(ruleset, clock) }
}

/** A page that has the values of a moment, and what it is told. */
function page(streams: PageStreams, had?: string) {
  const told: { id: string; data: unknown }[] = []
  const sink = {
    write: (frame: Buffer) => {
      const [, id = '', data = ''] = /^id: (.*)\ndata: (.*)\n\n$/.exec(frame.toString()) ?? []
      told.push({ id, data: JSON.parse(data) })
    },
  }
  streams.attach(sink, had)
  return { told, sink }
}

it('tells pages of each new version', () => {
  const { streams } = open(rulesetWith(5))
  const { told, sink } = page(streams, '5')
  streams.use(rulesetWith(6))
  streams.detach(sink)
  streams.use(rulesetWith(7))
  expect(told).toEqual([{ id: '6', data: { type: 'refetchEvaluation', version: 6 } }])
})

it('tells pages once when a rule begins and once when it ends, in the same version', () => {
  const { clock, streams } = open(rulesetWith(5, ONE_HOUR))
  const { told } = page(streams, '5')
  for (let minute = 0; minute < 180; minute++) {
    clock.advance(60_000)
    streams.lookAtClock()
  }
  const data = { type: 'refetchEvaluation', version: 5, again: true }
  expect(told).toEqual([
    { id: `5.${NOON + HOUR_MS}`, data },
    { id: `5.${NOON + 2 * HOUR_MS}`, data },
  ])
})

it('tells of it when the clock is set, also back', () => {
  const { clock, streams } = open(rulesetWith(5, ONE_HOUR))
  const { told } = page(streams)
  for (const hours of [1.5, 0, 5]) {
    clock.set(NOON + hours * HOUR_MS)
    streams.lookAtClock()
  }
  expect(told.map(({ id }) => id)).toEqual([`5.${NOON + HOUR_MS}`, '5', `5.${NOON + 2 * HOUR_MS}`])
})

it('tells one who comes back what it missed: a version, or a rule that began while it was away', () => {
  const { clock, streams } = open(rulesetWith(5, ONE_HOUR))
  const had = streams.moment
  clock.advance(HOUR_MS)
  const id = `5.${NOON + HOUR_MS}`
  expect(page(streams, had).told).toEqual([{ id, data: { type: 'refetchEvaluation', version: 5, again: true } }])
  expect(page(streams, '4').told).toEqual([{ id, data: { type: 'refetchEvaluation', version: 5 } }])
  expect(page(streams, streams.moment).told).toEqual([])
  expect(page(streams).told).toEqual([])
})

it('goes by the boundaries of the newest ruleset', () => {
  const { clock, streams } = open(rulesetWith(5, ONE_HOUR))
  streams.use(rulesetWith(6))
  const { told } = page(streams)
  clock.advance(3 * HOUR_MS)
  streams.lookAtClock()
  expect(told).toEqual([])
  expect(streams.moment).toBe('6')
})
