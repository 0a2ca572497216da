// @ts-check
import { createClient } from '@dimmer/node'
import { createAdminClient } from '@dimmer/protocol'
import { startServer } from '../lib/server.mjs'
import { countries, flags, plans, switched, user } from './flags.mjs'

/** @import { FlagSystem } from '../unleash/system.ts' */

const project = 'bench'
const environment = 'production'
const when = {
  all: [
    { attribute: 'plan', op: /** @type {const} */ ('in'), value: plans },
    { attribute: 'country', op: /** @type {const} */ ('in'), value: countries },
  ],
}
/** Is in the audience of all flags. */
const somebody = user(0)

/**
 * @param {string} dataDir
 * @returns {Promise<FlagSystem>}
 */
export async function startDimmer(dataDir) {
  const server = await startServer(dataDir)
  const admin = createAdminClient({ url: server.url })
  await admin.createProject({ key: project, name: 'Bench' })
  for (const { key, percent } of flags) {
    const rule = { id: 'paying', when, share: { unit: 'user', percent }, serve: { variant: 'on' } }
    await admin.createFlag(project, { key, type: 'boolean', config: { on: true, rules: [rule] } })
  }
  const { key } = await admin.createSdkKey(project, environment, { kind: 'server', name: 'bench' })
  const headers = { authorization: `Bearer ${key}` }
  return {
    name: 'Dimmer',
    port: server.port,
    pid: server.pid,
    ruleset: { path: '/sdk/v1/ruleset', headers },
    values: {
      method: 'POST',
      path: '/ofrep/v1/evaluate/flags',
      headers,
      body: index => JSON.stringify({ context: { targetingKey: user(index).userId, ...user(index) } }),
    },
    switch: on => admin.switchFlag({ project, environment, flag: switched }, on).then(() => undefined),
    connect: async () => {
      const client = createClient({ url: server.url, sdkKey: key })
      const { error } = await client.ready({ timeoutMs: 20_000 })
      if (error !== undefined) throw new Error(error)
      return {
        isOn: () => client.isEnabled(switched, somebody),
        onChange: look => client.on('change', look),
        close: () => client.close(),
      }
    },
    stop: server.stop,
  }
}
