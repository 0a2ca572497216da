import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { EmbeddedPostgresError } from './errors.ts'
import { isRunning, pidNamespace, startMark } from './process-info.ts'
import { hasCode } from './system-errors.ts'

/** A held lock; `release` may be called again without harm. */
export type FolderLock = { release(): Promise<void> }

type Holder = { id: string; pid: number; started: string | undefined; namespace: string }

/** Answers whether a server of the folder can be reached, for when the holder's process number says nothing to us. */
export type IsServed = () => Promise<boolean>

const settleMs = 100

/**
 * Makes this process the only live user of a data folder, by a file `dimmer.lock` in it. A lock left behind by
 * a process that is gone (also when its number was given to another process since) is taken over.
 * @throws EmbeddedPostgresError `folder-locked`, naming the process that has it.
 */
export async function lockFolder(folder: string, isServed: IsServed): Promise<FolderLock> {
  const path = join(folder, 'dimmer.lock')
  const me: Holder = {
    id: randomUUID(),
    pid: process.pid,
    started: startMark(process.pid),
    namespace: pidNamespace(),
  }
  const draft = `${path}.${me.id}`
  // Whoever may use the folder must be able to read who has it, also after another user.
  await writeFile(draft, JSON.stringify(me), { mode: 0o644 })
  try {
    if (!(await create(draft, path))) await takeOver(draft, path, me, isServed)
  } finally {
    await rm(draft, { force: true })
  }
  return {
    release: async () => {
      if ((await read(path))?.id === me.id) await rm(path, { force: true })
    },
  }
}

/** A link appears with its whole content or not at all, and never replaces another. */
async function create(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

async function takeOver(draft: string, path: string, me: Holder, isServed: IsServed): Promise<void> {
  const holder = await read(path)
  if (holder && (await isHeld(holder, isServed))) throw locked(path, holder)
  await rename(draft, path)
  // Two processes may find the same stale lock at once: the last to write has it, the other one sees that here.
  await delay(settleMs)
  const winner = await read(path)
  if (winner && winner.id !== me.id) throw locked(path, winner)
}

async function isHeld(holder: Holder, isServed: IsServed): Promise<boolean> {
  if (holder.namespace !== pidNamespace()) return isServed()
  if (!isRunning(holder.pid)) return false
  return holder.started === undefined || holder.started === startMark(holder.pid)
}

async function read(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    // An unreadable lock can only come from a power cut in the middle of writing it.
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function locked(path: string, holder: Holder): EmbeddedPostgresError {
  const where = holder.namespace === pidNamespace() ? '' : ' of another container'
  return new EmbeddedPostgresError(
    'folder-locked',
    `The data folder is in use by process ${holder.pid}${where} (${path}): stop it, or set DIMMER_DATA to another folder`,
  )
}
