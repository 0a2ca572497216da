import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { EmbeddedPostgresError } from './errors.ts'

/** A user of this machine, by number. */
export type User = { readonly uid: number; readonly gid: number }

/**
 * Who the server's processes run as. PostgreSQL refuses to run as root, so root becomes another user, or enters a
 * user namespace in which its own number is not 0.
 */
export type RunAs =
  | { readonly kind: 'self' }
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'namespace' }

/** A command line with the options that `node:child_process` needs to run it as somebody. */
export type Command = {
  readonly program: string
  readonly args: readonly string[]
  readonly options: { readonly env: Readonly<Record<string, string>>; readonly uid?: number; readonly gid?: number }
}

const nobody: User = { uid: 65_534, gid: 65_534 }
const candidates = ['nobody', 'postgres', '_postgres']
// A fixed environment: the caller's PG* variables and locale must not change how the server behaves.
const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' }

/** The command line that runs a program as somebody. */
export function commandAs(runAs: RunAs, program: string, args: readonly string[]): Command {
  switch (runAs.kind) {
    case 'self':
      return { program, args, options: { env } }
    case 'user':
      return { program, args, options: { env, ...runAs.user } }
    case 'namespace': {
      const map = [`--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`]
      return { program: 'unshare', args: ['--user', ...map, program, ...args], options: { env } }
    }
  }
}

/** Runs a program as somebody to its end. @returns what it printed. @throws the error of `execFile`, with `stderr`. */
export async function runAsTo(runAs: RunAs, program: string, args: readonly string[]): Promise<string> {
  const command = commandAs(runAs, program, args)
  const { stdout } = await promisify(execFile)(command.program, command.args, command.options)
  return stdout
}

/** Who must own the server's files, when root has to give them away; undefined when they are ours anyway. */
export function fileOwner(runAs: RunAs): User | undefined {
  switch (runAs.kind) {
    case 'self':
      return undefined
    case 'user':
      return runAs.user
    case 'namespace':
      return ourselves()
  }
}

/** What the choice depends on: the server program, the folder that holds its data, and whose data that is, if any. */
export type RunAsQuestion = { readonly program: string; readonly folder: string; readonly owner?: User | undefined }

/**
 * Chooses who runs the server: ourselves, unless we are root; else the owner of the data, `nobody` or `postgres` if
 * they can reach program and data; else a user namespace.
 * @throws EmbeddedPostgresError `cannot-run-as-root`, `unknown-user`
 */
export async function chooseRunAs(question: RunAsQuestion): Promise<RunAs> {
  if (ourselves().uid !== 0) return isKnown() ? { kind: 'self' } : inNamespace(question, unknownUser)
  for (const user of await unprivilegedUsers(question.owner)) {
    const runAs: RunAs = { kind: 'user', user }
    if ((await canEnter(user, question.folder)) && (await canRun(runAs, question))) return runAs
  }
  return inNamespace(question, unreachable)
}

async function inNamespace(
  question: RunAsQuestion,
  refusal: (question: RunAsQuestion) => EmbeddedPostgresError,
): Promise<RunAs> {
  const runAs: RunAs = { kind: 'namespace' }
  const isPossible = process.platform === 'linux' && (await canEnter(ourselves(), question.folder))
  if (isPossible && (await canRun(runAs, question))) return runAs
  throw refusal(question)
}

const ourselves = (): User => ({ uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 })

/** PostgreSQL looks up its user's name; a container may run under a number without one. */
function isKnown(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

const unreachable = ({ folder }: RunAsQuestion): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'cannot-run-as-root',
    `PostgreSQL refuses to run as root, and no other user can reach ${folder}: start Dimmer as a normal user, or set DIMMER_DATA to a folder that others may enter (chmod o+x on it and its parents), or set DATABASE_URL to your PostgreSQL 15 or newer`,
  )

const unknownUser = (): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'unknown-user',
    `PostgreSQL does not run under user number ${ourselves().uid}, which has no entry in /etc/passwd: add one, or start Dimmer as another user, or set DATABASE_URL to your PostgreSQL 15 or newer`,
  )

async function unprivilegedUsers(owner: User | undefined): Promise<User[]> {
  const known = await readFile('/etc/passwd', 'utf8').then(passwdUsers, () => new Map<string, User>())
  const named = candidates.map(name => known.get(name))
  return [owner, ...named].filter((user): user is User => user !== undefined && user.uid > 0)
}

function passwdUsers(text: string): Map<string, User> {
  const rows = text.split('\n').map(line => line.split(':'))
  return new Map(rows.map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]))
}

/** Whether the permission bits let a user enter a folder and all of its parents. */
async function canEnter(user: User, folder: string): Promise<boolean> {
  const { mode, uid, gid } = await stat(folder)
  const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  if ((mode & bit) === 0) return false
  const parent = dirname(folder)
  return parent === folder || canEnter(user, parent)
}

async function canRun(runAs: RunAs, { program }: RunAsQuestion): Promise<boolean> {
  return runAsTo(runAs, program, ['--version']).then(
    () => true,
    () => false,
  )
}
