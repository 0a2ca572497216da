import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockFolder } from './folder-lock.ts'

const notServed = async () => false
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dimmer-lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

const lockFile = () => join(folder, 'dimmer.lock')
const holder = async () => JSON.parse(await readFile(lockFile(), 'utf8'))
const pretend = async (changes: object) => writeFile(lockFile(), JSON.stringify({ ...(await holder()), ...changes }))

it('refuses a second lock while the first is held, naming the process', async () => {
  const lock = await lockFolder(folder, notServed)
  await expect(lockFolder(folder, notServed)).rejects.toMatchObject({
    code: 'folder-locked',
    message: expect.stringContaining(`process ${process.pid} `),
  })
  await lock.release()
  await lock.release()
  expect(await readdir(folder)).toEqual([])
  await (await lockFolder(folder, notServed)).release()
})

it('takes over the lock of a process that has ended', async () => {
  const child = spawn('true')
  await once(child, 'exit')
  const old = await lockFolder(folder, notServed)
  await pretend({ pid: child.pid, id: 'other' })
  const lock = await lockFolder(folder, notServed)
  expect((await holder()).pid).toBe(process.pid)
  await old.release()
  expect((await holder()).pid).toBe(process.pid)
  await lock.release()
  expect(await readdir(folder)).toEqual([])
})

it('takes over when the number now belongs to another process', async () => {
  await lockFolder(folder, notServed)
  await pretend({ started: 'an earlier time', id: 'other' })
  const lock = await lockFolder(folder, notServed)
  await lock.release()
})

it('takes over a lock that a power cut left empty', async () => {
  await writeFile(lockFile(), '')
  const lock = await lockFolder(folder, notServed)
  expect((await holder()).pid).toBe(process.pid)
  await lock.release()
})

it('asks the server when the lock comes from another container', async () => {
  await lockFolder(folder, notServed)
  await pretend({ namespace: 'pid:[1]', id: 'other' })
  await expect(lockFolder(folder, async () => true)).rejects.toThrow(/of another container/)
  const lock = await lockFolder(folder, notServed)
  await lock.release()
})

it('lets one of many win a stale lock', async () => {
  await lockFolder(folder, notServed)
  await pretend({ started: 'an earlier time', id: 'other' })
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder, notServed)))
  expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1)
  expect(await readdir(folder)).toEqual(['dimmer.lock'])
})
