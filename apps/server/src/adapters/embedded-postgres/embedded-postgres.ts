import { access, constants, mkdir, realpath, rename, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { findBinaries, type ServerBinaries } from './binaries.ts'
import { checkVersion, codePointOrder, createCluster, giveTo, ownerOf, readPassword, superuser } from './cluster.ts'
import { answers, type Connection, chooseEndpoint, connectionUrl, type Endpoint } from './endpoint.ts'
import { EmbeddedPostgresError } from './errors.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import {
  findOrphan,
  type Postmaster,
  readPostmasterFile,
  settled,
  startPostmaster,
  stopPostmaster,
} from './postmaster.ts'
import { chooseRunAs } from './run-as.ts'
import { listenOn, smallServer } from './settings.ts'
import { type Supervised, supervise } from './supervise.ts'
import { hasCode } from './system-errors.ts'

/** Where Dimmer keeps its data (made when missing), and who hears of starts and restarts. */
export type EmbeddedPostgresOptions = { readonly dataDir: string; readonly log?: (message: string) => void }

/** A private PostgreSQL server. */
export type EmbeddedPostgres = Supervised & {
  /** For `new pg.Pool(connection)`. Stays the same while the server is restarted underneath. */
  readonly connection: Connection
  /** The same as a URL. */
  readonly connectionString: string
  /** True when the server was left running by a process that was killed, and was taken over. */
  readonly adopted: boolean
}

type Log = (message: string) => void
type Home = { readonly folder: string; readonly directory: string; readonly binaries: ServerBinaries }
type Server = { readonly postmaster: Postmaster; readonly endpoint: Endpoint; readonly adopted: boolean }

const largestLogBytes = 1_000_000
const answerTimeoutMs = 2_000
const settleTimeoutMs = 10_000

/**
 * Starts PostgreSQL on a data folder, from the binaries that npm installed, and keeps it running until `stop`.
 * The first start makes the files; after a SIGKILL of Dimmer the server that was left behind is adopted.
 * @throws EmbeddedPostgresError with a message for the person who started Dimmer.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log = () => undefined } = options
  const binaries = await findBinaries()
  const folder = await prepareFolder(dataDir)
  const home: Home = { folder, directory: join(folder, 'postgres'), binaries }
  const lock = await lockFolder(folder, () => isServed(home))
  try {
    return await startLocked(home, lock, log)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function startLocked(home: Home, lock: FolderLock, log: Log): Promise<EmbeddedPostgres> {
  const { postmaster, endpoint, adopted } = (await adopt(home, log)) ?? (await launch(home))
  log(adopted ? `took over PostgreSQL, process ${postmaster.pid}` : `started PostgreSQL, process ${postmaster.pid}`)
  const supervised = supervise(postmaster, async () => (await launch(home, endpoint)).postmaster, log)
  const connection = await connectionTo(home, endpoint)
  return {
    connection,
    connectionString: connectionUrl(connection),
    adopted,
    get pid() {
      return supervised.pid
    },
    stop: async () => {
      await supervised.stop()
      await lock.release()
    },
  }
}

async function prepareFolder(dataDir: string): Promise<string> {
  try {
    // Root lets others pass through (not look), because the server will not run as root.
    await mkdir(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 })
    await access(dataDir, constants.W_OK | constants.X_OK)
    return await realpath(dataDir)
  } catch (cause) {
    if (!hasCode(cause, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST')) throw cause
    throw new EmbeddedPostgresError(
      'folder-not-ours',
      `Dimmer cannot use ${resolve(dataDir)} as its data folder: set DIMMER_DATA to a folder that this user may write`,
      cause,
    )
  }
}

/** Takes over a server that still runs on the folder; one that does not answer is stopped. */
async function adopt(home: Home, log: Log): Promise<Server | undefined> {
  const orphan = await findOrphan(home.directory)
  if (!orphan) return undefined
  await settled(home.directory, orphan.pid, settleTimeoutMs)
  const endpoint = (await readPostmasterFile(home.directory))?.endpoint ?? orphan.endpoint
  if (await answers(await connectionTo(home, endpoint), answerTimeoutMs)) {
    return { postmaster: orphan, endpoint, adopted: true }
  }
  log(`PostgreSQL, process ${orphan.pid}, was left running and does not answer; stopping it`)
  await stopPostmaster(orphan)
  return undefined
}

async function launch({ folder, directory, binaries }: Home, wanted?: Endpoint): Promise<Server> {
  const owner = await ownerOf(directory)
  const runAs = await chooseRunAs({ program: binaries.postgres, folder, owner: owner ?? (await ownerOf(folder)) })
  const cluster = { directory, binaries, runAs, initdbOptions: codePointOrder }
  if (owner) {
    await checkVersion(cluster)
    await giveTo(runAs, directory)
  } else {
    await createCluster(cluster)
  }
  const endpoint = wanted ?? (await chooseEndpoint(directory))
  const postmaster = await startPostmaster({
    program: binaries.postgres,
    directory,
    runAs,
    settings: { ...smallServer, ...listenOn(endpoint) },
    log: await logFile(folder),
  })
  return { postmaster, endpoint, adopted: false }
}

/** The server's own log; an old one is put aside when it has grown large. */
async function logFile(folder: string): Promise<string> {
  const path = join(folder, 'postgres.log')
  const size = await stat(path).then(
    file => file.size,
    () => 0,
  )
  if (size > largestLogBytes) await rename(path, `${path}.1`)
  return path
}

async function connectionTo({ directory }: Home, endpoint: Endpoint): Promise<Connection> {
  return {
    ...endpoint,
    user: superuser,
    password: await readPassword(directory),
    database: 'postgres',
    ssl: false,
  }
}

/** For a lock of another container: its process numbers mean nothing here, but its server can be asked. */
async function isServed(home: Home): Promise<boolean> {
  const file = await readPostmasterFile(home.directory)
  return file !== undefined && answers(await connectionTo(home, file.endpoint), answerTimeoutMs)
}
