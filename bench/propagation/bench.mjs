// @ts-check

import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from '@dimmer/node'
import { createAdminClient } from '@dimmer/protocol'
import { quantile, rounded } from '../lib/numbers.mjs'
import { inTemporaryFolder, startServer } from '../lib/server.mjs'

/** @import { DimmerClient } from '@dimmer/node' */
/** @import { AdminClient } from '@dimmer/protocol' */
/** @import { Result, Row } from '../lib/types.ts' */

export const about = 'from the request of a kill to the new value in Node SDKs, over loopback: 1 and 100 clients'

const place = { project: 'invoicing', environment: 'production', flag: 'bench-kill' }
const anybody = { accountId: 'acc-1' }
const goalMs = 100

/** @param {DimmerClient} client */
const isOn = client => client.isEnabled(place.flag, anybody)

/**
 * When each client first serves `value`, by the clock of `performance.now()`.
 * @param {readonly DimmerClient[]} clients
 * @param {boolean} value
 * @returns {Promise<number[]>}
 */
const whenAllServe = (clients, value) =>
  Promise.all(
    clients.map(
      client =>
        new Promise(resolve => {
          const look = () => {
            if (isOn(client) !== value) return
            off()
            resolve(performance.now())
          }
          const off = client.on('change', look)
          look()
        }),
    ),
  )

/**
 * One kill after another; before each, the flag is on everywhere.
 * @param {AdminClient} admin
 * @param {readonly DimmerClient[]} clients
 * @param {number} kills
 */
async function killAgainAndAgain(admin, clients, kills) {
  /** @type {number[]} */
  const applied = []
  /** @type {number[]} */
  const last = []
  /** @type {number[]} */
  const confirmed = []
  for (let i = 0; i < kills; i++) {
    const on = whenAllServe(clients, true)
    await admin.switchFlag(place, true)
    await on
    await delay(10)
    const off = whenAllServe(clients, false)
    const asked = performance.now()
    const { receipts } = await admin.kill(place, 5_000)
    confirmed.push(performance.now() - asked)
    if (receipts.confirmed < clients.length) throw new Error(`${receipts.confirmed} of ${clients.length} confirmed`)
    const times = (await off).map(time => time - asked)
    applied.push(...times)
    last.push(Math.max(...times))
  }
  return { applied, last, confirmed }
}

/**
 * @param {string} url
 * @param {{ clients: number, kills: number }} size
 * @returns {Promise<Row[]>}
 */
async function measure(url, { clients: count, kills }) {
  const admin = createAdminClient({ url })
  const { key } = await admin.createSdkKey(place.project, place.environment, { kind: 'server', name: `bench ${count}` })
  const clients = Array.from({ length: count }, () => createClient({ url, sdkKey: key }))
  try {
    for (const client of clients) {
      const { error } = await client.ready({ timeoutMs: 20_000 })
      if (error !== undefined) throw new Error(error)
    }
    await killAgainAndAgain(admin, clients, 20)
    const { applied, last, confirmed } = await killAgainAndAgain(admin, clients, kills)
    const row = (/** @type {string} */ name, /** @type {readonly number[]} */ times, /** @type {number} */ q) => ({
      name: `${count} client${count === 1 ? '' : 's'}: ${name}`,
      value: rounded(quantile(times, q)),
      unit: 'ms',
    })
    const median = row('kill applied, median', applied, 0.5)
    return [
      { ...median, goal: goalMs, met: median.value < goalMs },
      row('kill applied, p99', applied, 0.99),
      row('kill applied in the last client, median', last, 0.5),
      row('kill confirmed by all receipts, median', confirmed, 0.5),
    ]
  } finally {
    await Promise.all(clients.map(client => client.close()))
  }
}

/** @returns {Promise<Result>} */
export const run = () =>
  inTemporaryFolder(async dataDir => {
    const server = await startServer(dataDir)
    try {
      await createAdminClient({ url: server.url }).createFlag(place.project, {
        key: place.flag,
        type: 'boolean',
        config: { on: false, fallthrough: { variant: 'on' } },
      })
      const one = await measure(server.url, { clients: 1, kills: 300 })
      const many = await measure(server.url, { clients: 100, kills: 100 })
      return { rows: [...one, ...many] }
    } finally {
      await server.stop()
    }
  })
