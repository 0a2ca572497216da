// @ts-check
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findBinaries } from '../../apps/server/src/adapters/embedded-postgres/binaries.ts'
import {
  codePointOrder,
  createCluster,
  readPassword,
  superuser,
} from '../../apps/server/src/adapters/embedded-postgres/cluster.ts'
import { chooseEndpoint, connectionUrl } from '../../apps/server/src/adapters/embedded-postgres/endpoint.ts'
import { startPostmaster } from '../../apps/server/src/adapters/embedded-postgres/postmaster.ts'
import { chooseRunAs } from '../../apps/server/src/adapters/embedded-postgres/run-as.ts'
import { listenOn } from '../../apps/server/src/adapters/embedded-postgres/settings.ts'
import { ServiceMissing } from './service-missing.mjs'

/** @typedef {import('./guard.mjs').Guard} Guard */
/** @typedef {'embedded' | 'system'} DatabaseKind */
/** @typedef {import('../../apps/server/src/adapters/embedded-postgres/binaries.ts').ServerBinaries} ServerBinaries */

/**
 * A server for tests.
 * @typedef {object} TestServer
 * @property {string} url stays the same when the server is started again
 * @property {() => Promise<void>} kill as a crash would: SIGKILL
 * @property {() => Promise<void>} start after `kill`
 */

/** A test server may lose its data, so it need not wait for the disk. */
const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

/**
 * The two kinds also sort text differently, as customers' databases do, so that a query which relies on the order of
 * its database fails in one of them.
 */
const textOrder = {
  embedded: codePointOrder,
  system: ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'],
}

/**
 * Starts a PostgreSQL of its own: the binaries from npm, or the machine's.
 * @param {Guard} guard
 * @param {DatabaseKind} kind
 * @returns {Promise<TestServer>}
 */
export async function startPostgres(guard, kind) {
  const binaries = kind === 'embedded' ? await findEmbeddedBinaries() : await findSystemBinaries()
  const folder = await guard.folder()
  const directory = join(folder, 'postgres')
  const runAs = await chooseRunAs({ program: binaries.postgres, folder })
  await createCluster({ directory, binaries, runAs, initdbOptions: textOrder[kind] })
  const endpoint = await chooseEndpoint(directory)
  const plan = {
    program: binaries.postgres,
    directory,
    runAs,
    settings: { ...fast, ...listenOn(endpoint) },
    log: join(folder, 'postgres.log'),
  }
  const password = await readPassword(directory)
  let server = await startPostmaster(plan)
  guard.watch(server.pid)
  return {
    url: connectionUrl({ ...endpoint, user: superuser, password, database: 'postgres', ssl: false }),
    kill: async () => {
      process.kill(server.pid, 'SIGKILL')
      await server.exited
      guard.forget(server.pid)
    },
    start: async () => {
      server = await startPostmaster(plan)
      guard.watch(server.pid)
    },
  }
}

/** @returns {Promise<ServerBinaries>} */
async function findEmbeddedBinaries() {
  return findBinaries().catch(error => {
    if (error.code === 'unsupported-platform') throw new ServiceMissing(error.message, { cause: error })
    throw error
  })
}

/**
 * The newest PostgreSQL that the machine's packages installed.
 * @returns {Promise<ServerBinaries>}
 */
async function findSystemBinaries() {
  const homes = await Promise.all(['/usr/lib/postgresql', '/usr/local/opt', '/opt/homebrew/opt'].map(versionsIn))
  const [newest] = homes.flat().sort((a, b) => b.version - a.version)
  if (!newest)
    throw new ServiceMissing('no PostgreSQL 15 or newer is installed on this machine (Debian: postgresql-15)')
  return { initdb: join(newest.bin, 'initdb'), postgres: join(newest.bin, 'postgres') }
}

/** @param {string} home */
async function versionsIn(home) {
  const entries = await readdir(home).catch(() => [])
  return entries
    .map(entry => ({ version: Number(/^(?:postgresql@)?(\d+)$/.exec(entry)?.[1]), bin: join(home, entry, 'bin') }))
    .filter(({ version, bin }) => version >= 15 && existsSync(join(bin, 'postgres')))
}
