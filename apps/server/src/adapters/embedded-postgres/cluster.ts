import { randomBytes } from 'node:crypto'
import { chmod, chown, lchown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerBinaries } from './binaries.ts'
import { EmbeddedPostgresError } from './errors.ts'
import { fileOwner, type RunAs, runAsTo, type User } from './run-as.ts'
import { hasCode } from './system-errors.ts'

/** The name of the database's superuser in every cluster made here. */
export const superuser = 'dimmer'

const passwordFile = 'dimmer-password'

/** What makes a cluster: where, by whom, and options of `initdb` beyond our own. */
export type ClusterPlan = {
  readonly directory: string
  readonly binaries: ServerBinaries
  readonly runAs: RunAs
  readonly initdbOptions: readonly string[]
}

/** Text sorts by code point, without libraries of the system, so an update of the system cannot corrupt an index. */
export const codePointOrder: readonly string[] = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']

/** Whose folder it is, or undefined when there is none. */
export async function ownerOf(directory: string): Promise<User | undefined> {
  try {
    const { uid, gid } = await stat(directory)
    return { uid, gid }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** The superuser's password; a file inside the cluster, so that the two cannot be separated. */
export async function readPassword(directory: string): Promise<string> {
  return readFile(join(directory, passwordFile), 'utf8')
}

/**
 * Makes a cluster beside its final place, puts it safely on disk, and moves it there in one step: an interrupted
 * first start leaves nothing half made.
 */
export async function createCluster(plan: ClusterPlan): Promise<void> {
  const workshop = `${plan.directory}.new`
  const cluster = join(workshop, 'cluster')
  const password = join(workshop, passwordFile)
  await rm(workshop, { recursive: true, force: true })
  await mkdir(workshop, { mode: 0o700 })
  await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 })
  await giveTo(plan.runAs, workshop)
  await initialise(plan, cluster, password)
  await rename(password, join(cluster, passwordFile))
  await sync(plan, cluster)
  await rename(cluster, plan.directory)
  await rm(workshop, { recursive: true })
  await syncFolder(join(plan.directory, '..'))
}

async function initialise({ binaries, runAs, initdbOptions }: ClusterPlan, cluster: string, password: string) {
  const identity = [`--username=${superuser}`, `--pwfile=${password}`, '--auth=scram-sha-256']
  const options = [...identity, '--encoding=UTF8', '--no-instructions', '--no-sync', ...initdbOptions]
  try {
    await runAsTo(runAs, binaries.initdb, [`--pgdata=${cluster}`, ...options])
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause)
    throw new EmbeddedPostgresError('start-failed', `The embedded PostgreSQL could not make its files: ${said}`, cause)
  }
}

/** One pass over all files at the end; on Linux even one call for all of them. */
async function sync({ binaries, runAs }: ClusterPlan, cluster: string): Promise<void> {
  const syncOnly = [`--pgdata=${cluster}`, '--sync-only']
  try {
    await runAsTo(runAs, binaries.initdb, [...syncOnly, '--sync-method=syncfs'])
  } catch {
    await runAsTo(runAs, binaries.initdb, syncOnly)
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Refuses a cluster of another major version, which this server could not read. */
export async function checkVersion({ binaries, directory, runAs }: ClusterPlan): Promise<void> {
  const theirs = (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim()
  const ours = majorVersion(await runAsTo(runAs, binaries.postgres, ['--version']))
  if (theirs === ours) return
  throw new EmbeddedPostgresError(
    'other-major-version',
    `${directory} was made by PostgreSQL ${theirs}, and this Dimmer brings ${ours}: copy the data over with pg_dump of the older Dimmer's server, or set DATABASE_URL to a PostgreSQL 15 or newer`,
  )
}

function majorVersion(text: string): string {
  return /\d+/.exec(text)?.[0] ?? text
}

/** Hands files over to whoever runs the server, where that is not who ran it the last time. */
export async function giveTo(runAs: RunAs, path: string): Promise<void> {
  const owner = fileOwner(runAs)
  if (!owner || (await stat(path)).uid === owner.uid) return
  await chownTree(path, owner)
}

async function chownTree(path: string, { uid, gid }: User): Promise<void> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) await chownTree(inner, { uid, gid })
    else await lchown(inner, uid, gid)
  }
  // The folder comes last: while it is not ours, an interrupted walk is done again.
  await chown(path, uid, gid)
  await chmod(path, 0o700)
}
