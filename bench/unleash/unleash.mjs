// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../lib/server.mjs'
import { countries, flags, plans, switched, user } from '../ofrep/flags.mjs'

/** @import { FlagSystem } from './system.ts' */

const manifest = new URL('./package.json', import.meta.url)
const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8'))
const requireUnleash = createRequire(manifest)
const entry = join(import.meta.dirname, 'node_modules', 'unleash-server', 'dist', 'server.js')
const environment = 'development'
const tokens = {
  admin: '*:*.bench-admin',
  backend: `default:${environment}.bench-backend`,
  frontend: `default:${environment}.bench-frontend`,
}
const startTimeoutMs = 120_000
const UNLIMITED = '1000000000'

/** @typedef {ReturnType<typeof api>} Api */
/**
 * The admin API, with a token of its own.
 * @param {string} url
 */
const api = url => async (/** @type {string} */ method, /** @type {string} */ path, /** @type {unknown} */ body) => {
  const answer = await fetch(`${url}/api/admin${path}`, {
    method,
    headers: { authorization: tokens.admin, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`unleash-server: ${method} ${path} answered ${answer.status}: ${text}`)
}

/** @param {Api} call */
async function makeFlags(call) {
  for (const contextField of ['plan', 'country']) await call('POST', '/context', { name: contextField })
  for (const { key, percent } of flags) {
    await call('POST', '/projects/default/features', { name: key, type: 'release' })
    const at = `/projects/default/features/${key}/environments/${environment}`
    await call('POST', `${at}/strategies`, {
      name: 'flexibleRollout',
      parameters: { groupId: key, rollout: String(percent), stickiness: 'userId' },
      constraints: [
        { contextName: 'plan', operator: 'IN', values: plans },
        { contextName: 'country', operator: 'IN', values: countries },
      ],
    })
    await call('POST', `${at}/on`, undefined)
  }
}

/** @param {number} index */
function frontendQuery(index) {
  const { userId, plan, country } = user(index)
  return `?userId=${userId}&properties%5Bplan%5D=${plan}&properties%5Bcountry%5D=${country}`
}

/**
 * @param {string} url
 * @param {number} [pollMs]
 */
async function connect(url, pollMs) {
  const { Unleash } = requireUnleash('unleash-client')
  const client = new Unleash({
    url: `${url}/api/`,
    appName: 'bench',
    customHeaders: { Authorization: tokens.backend },
    disableMetrics: true,
    skipInstanceCountWarning: true,
    ...(pollMs === undefined ? {} : { refreshInterval: pollMs }),
  })
  await once(client, 'synchronized')
  const { userId, plan, country } = user(0)
  const somebody = { userId, properties: { plan, country } }
  return {
    isOn: () => client.isEnabled(switched, somebody),
    onChange: (/** @type {() => void} */ look) => {
      client.on('changed', look)
      return () => client.off('changed', look)
    },
    close: () => client.destroy(),
  }
}

/**
 * @param {string} databaseUrl of an empty database
 * @param {string} folder for what it writes
 * @returns {Promise<FlagSystem>}
 */
export async function startUnleash(databaseUrl, folder) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [entry], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      NODE_ENV: 'production',
      HTTP_HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      DATABASE_SSL: 'false',
      LOG_LEVEL: 'error',
      CHECK_VERSION: 'false',
      SEND_TELEMETRY: 'false',
      INIT_ADMIN_API_TOKENS: tokens.admin,
      INIT_BACKEND_API_TOKENS: tokens.backend,
      INIT_FRONTEND_API_TOKENS: tokens.frontend,
      SDK_API_RATE_LIMIT_PER_MINUTE: UNLIMITED,
      TOKEN_AUTHENTICATION_RATE_LIMIT_PER_MINUTE: UNLIMITED,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', chunk => {
    complaints = (complaints + String(chunk)).slice(-2_000)
  })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  try {
    const started = performance.now()
    while (
      !(await fetch(`${url}/health`).then(
        answer => answer.ok,
        () => false,
      ))
    ) {
      if (child.exitCode !== null) throw new Error(`unleash-server ended with code ${child.exitCode}: ${complaints}`)
      if (performance.now() - started > startTimeoutMs)
        throw new Error(`unleash-server did not get ready: ${complaints}`)
      await delay(20)
    }
    const call = api(url)
    await makeFlags(call)
    const at = `/projects/default/features/${switched}/environments/${environment}`
    return {
      name: `unleash-server ${dependencies['unleash-server']}`,
      port,
      pid: child.pid ?? 0,
      ruleset: { path: '/api/client/features', headers: { authorization: tokens.backend } },
      values: {
        method: 'GET',
        path: '/api/frontend',
        headers: { authorization: tokens.frontend },
        query: frontendQuery,
      },
      switch: on => call('POST', `${at}/${on ? 'on' : 'off'}`, undefined),
      connect: ({ pollMs } = {}) => connect(url, pollMs),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
