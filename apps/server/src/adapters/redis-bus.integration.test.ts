import { afterAll, inject, it } from 'vitest'
import { openGuard } from '../../../../tooling/services/guard.mjs'
import { startRedis } from '../../../../tooling/services/redis.mjs'
import { describeServerBus } from '../../test/bus-contract.ts'
import { createRedisBus } from './redis-bus.ts'

if (inject('redisUrl') === null) {
  it.skip('needs Redis')
} else {
  // A server of its own, because these tests kill it.
  const guard = openGuard()
  const server = await startRedis(guard)
  afterAll(() => guard.close())
  describeServerBus('the bus over Redis', report => createRedisBus({ url: server.url, report }), server)
}
