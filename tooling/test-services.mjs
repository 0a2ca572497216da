// @ts-check
/** vitest's globalSetup: gives each test project a private PostgreSQL, Redis and Prometheus, and leaves nothing behind. */
import { openGuard } from './services/guard.mjs'
import { recordNotRun } from './services/not-run.mjs'
import { startPostgres } from './services/postgres.mjs'
import { startPrometheus } from './services/prometheus.mjs'
import { startRedis } from './services/redis.mjs'
import { ServiceMissing } from './services/service-missing.mjs'

/** @typedef {import('./services/not-run.mjs').NotRun} NotRun */

/**
 * @param {import('vitest/node').TestProject} project
 * @returns {Promise<() => Promise<void>>} teardown
 */
export async function setup(project) {
  const database = project.config.env.DIMMER_TEST_DATABASE === 'system' ? 'system' : 'embedded'
  const guard = openGuard()
  /** @type {NotRun[]} */
  const missing = []
  /**
   * @template T
   * @param {string} service
   * @param {Promise<T>} starting
   * @returns {Promise<T | null>}
   */
  const unlessMissing = async (service, starting) => {
    try {
      return await starting
    } catch (error) {
      if (!(error instanceof ServiceMissing)) throw error
      missing.push({ project: project.name, service, reason: error.message })
      return null
    }
  }
  try {
    const [postgres, redis, prometheus] = await Promise.all([
      unlessMissing(`PostgreSQL (${database})`, startPostgres(guard, database)),
      unlessMissing('Redis', startRedis(guard)),
      unlessMissing('Prometheus', startPrometheus(guard)),
    ])
    project.provide('database', database)
    project.provide('databaseUrl', postgres?.url ?? null)
    project.provide('redisUrl', redis?.url ?? null)
    project.provide('prometheus', prometheus)
  } catch (error) {
    await guard.close()
    throw error
  }
  await recordNotRun(project.name, missing)
  for (const { service, reason } of missing) console.warn(`NOT RUN in ${project.name}: tests of ${service}: ${reason}`)
  return guard.close
}
