// @ts-check
/** vitest's globalSetup: gives each test project a private PostgreSQL and Redis, and leaves nothing behind. */
import { openGuard } from './services/guard.mjs'
import { recordNotRun } from './services/not-run.mjs'
import { startPostgres } from './services/postgres.mjs'
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
   * @param {string} service
   * @param {Promise<import('./services/postgres.mjs').TestServer>} starting
   */
  const urlOf = async (service, starting) => {
    try {
      return (await starting).url
    } catch (error) {
      if (!(error instanceof ServiceMissing)) throw error
      missing.push({ project: project.name, service, reason: error.message })
      return null
    }
  }
  try {
    const [databaseUrl, redisUrl] = await Promise.all([
      urlOf(`PostgreSQL (${database})`, startPostgres(guard, database)),
      urlOf('Redis', startRedis(guard)),
    ])
    project.provide('database', database)
    project.provide('databaseUrl', databaseUrl)
    project.provide('redisUrl', redisUrl)
  } catch (error) {
    await guard.close()
    throw error
  }
  await recordNotRun(project.name, missing)
  for (const { service, reason } of missing) console.warn(`NOT RUN in ${project.name}: tests of ${service}: ${reason}`)
  return guard.close
}
