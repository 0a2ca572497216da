import { type Attributes, type ContextManager, context, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { booleanFlag, rulesetOf } from '../test/rulesets.ts'
import { openTelemetryHook } from './opentelemetry.ts'
import { createTestFlags } from './testing.ts'

const events: { readonly name: string; readonly attributes: Attributes | undefined }[] = []
let recording = true

/** A span that keeps its events. OpenTelemetry's own SDK brings one; its API has only the interface. */
function spanContext() {
  const span = trace.wrapSpanContext({ traceId: `${'0'.repeat(31)}1`, spanId: `${'0'.repeat(15)}1`, traceFlags: 1 })
  span.isRecording = () => recording
  span.addEvent = (name, attributes) => {
    events.push({ name, attributes: attributes as Attributes })
    return span
  }
  return trace.setSpan(ROOT_CONTEXT, span)
}

let active = ROOT_CONTEXT
const manager: ContextManager = {
  active: () => active,
  with: (_context, run, self, ...args) => run.apply(self, args),
  bind: (_context, target) => target,
  enable: () => manager,
  disable: () => manager,
}

beforeEach(() => {
  context.setGlobalContextManager(manager)
  active = spanContext()
  recording = true
  events.length = 0
})
afterEach(() => context.disable())

const ruleset = rulesetOf(3, [
  booleanFlag('shared', {
    rules: [{ id: 'r', share: { unit: 'user', percent: 100 }, serve: { variant: 'on' } }],
    fallthrough: { variant: 'off' },
  }),
])

it('puts what was served on the active span, in the words of the semantic conventions', () => {
  const flags = createTestFlags({}, { ruleset })
  flags.addHook(openTelemetryHook())
  flags.isEnabled('shared', { targetingKey: 'u-1', userId: 'u-1' })
  expect(events).toEqual([
    {
      name: 'feature_flag.evaluation',
      attributes: {
        'feature_flag.key': 'shared',
        'feature_flag.provider.name': 'dimmer',
        'feature_flag.result.variant': 'on',
        'feature_flag.result.reason': 'split',
        'feature_flag.version': '1',
        'feature_flag.context.id': 'u-1',
      },
    },
  ])
})

it('says what went wrong when the fallback was served', () => {
  const flags = createTestFlags()
  flags.addHook(openTelemetryHook({ contextId: ({ accountId }) => accountId }))
  flags.value('unknown', { accountId: 'acc-1', targetingKey: 'u-1' }, { max: 1 })
  expect(events[0]?.attributes).toEqual({
    'feature_flag.key': 'unknown',
    'feature_flag.provider.name': 'dimmer',
    'feature_flag.result.reason': 'error',
    'feature_flag.result.value': '{"max":1}',
    'feature_flag.version': '0',
    'feature_flag.context.id': 'acc-1',
    'error.type': 'flag_not_found',
  })
})

it('does nothing without a span that is being recorded', () => {
  const flags = createTestFlags({ on: true })
  flags.addHook(openTelemetryHook())
  recording = false
  flags.isEnabled('on', {})
  active = ROOT_CONTEXT
  expect(flags.isEnabled('on', {})).toBe(true)
  expect(events).toEqual([])
})
