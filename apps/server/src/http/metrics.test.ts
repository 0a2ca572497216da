import { expect, it } from 'vitest'
import { Metrics } from './metrics.ts'

it('has lines for two hundred environments at the most, however many there are', async () => {
  const metrics = new Metrics()
  const environments = Array.from({ length: 300 }, (_, index) => ({
    project: `p-${index}`,
    environment: 'production',
    version: index,
    streams: 1,
    instances: 1,
  }))
  metrics.read(() => ({ streams: 300, environments, queues: { waiting: 7 }, up: { bus: true } }))
  metrics.propagated(40)
  metrics.evaluated(12)
  const lines = (await metrics.registry.metrics()).split('\n')
  for (const name of ['dimmer_environment_streams', 'dimmer_ruleset_version', 'dimmer_instances']) {
    expect(lines.filter(line => line.startsWith(`${name}{`))).toHaveLength(200)
  }
  expect(lines).toEqual(
    expect.arrayContaining([
      'dimmer_streams 300',
      'dimmer_queue_depth{queue="waiting"} 7',
      'dimmer_up{what="bus"} 1',
      'dimmer_evaluations_total 12',
      'dimmer_propagation_seconds_bucket{le="0.05"} 1',
      'dimmer_propagation_seconds_bucket{le="0.025"} 0',
    ]),
  )
})
