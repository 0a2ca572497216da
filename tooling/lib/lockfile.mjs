// @ts-check
/**
 * npm writes into the lockfile only those platform packages that it saw when the lock was made, and `npm ci` then
 * refuses the lockfile, here and on other machines. These functions find and add what is missing.
 */
import { posix } from 'node:path'

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [dev]
 * @property {boolean} [optional]
 * @property {string} [license]
 * @property {Readonly<Record<string, string>>} [engines]
 * @property {Readonly<Record<string, string>>} [optionalDependencies]
 */
/** @typedef {{ readonly packages: Readonly<Record<string, LockedPackage>>, readonly [key: string]: unknown }} Lockfile */
/** @typedef {{ readonly path: string, readonly name: string, readonly version: string, readonly like: LockedPackage }} Gap */

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64']

/**
 * @param {Lockfile['packages']} packages
 * @param {string} from path of the package that asks
 * @param {string} name
 * @returns {string | undefined} path of the package that Node would find
 */
function find(packages, from, name) {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    const path = posix.join(base, 'node_modules', name)
    if (path in packages) return path
    if (base === '') return undefined
    if (!base.includes('/node_modules/')) base = ''
  }
}

/**
 * Optional packages that others ask for and that the lockfile doesn't have.
 * @param {Lockfile} lock
 * @returns {Gap[]}
 */
export function gaps({ packages }) {
  return Object.entries(packages).flatMap(([path, asking]) => {
    const wanted = Object.entries(asking.optionalDependencies ?? {})
    const found = wanted.map(([name]) => find(packages, path, name)).filter(place => place !== undefined)
    const sibling = found[0]
    const like = (sibling === undefined ? undefined : packages[sibling]) ?? asking
    const folder = posix.dirname(posix.dirname(sibling ?? path))
    return wanted
      .filter(([name]) => find(packages, path, name) === undefined)
      .map(([name, version]) => ({ path: posix.join(folder, name), name, version, like }))
  })
}

/**
 * What the name of a platform package says: "x-linux-arm64-musl" is for Linux on arm64 with musl.
 * @param {string} name
 */
function platform(name) {
  const words = name.split(/[-/]/).flatMap(word => (word.startsWith('musleabi') ? ['musl'] : [word]))
  const os = systems.filter(system => words.includes(system))
  const cpu = processors.filter(processor => words.includes(processor))
  if (os.length !== 1 || cpu.length !== 1) throw new Error(`the name ${name} does not say for which machine it is`)
  if (os[0] !== 'linux') return { os, cpu, libc: undefined }
  return { os, cpu, libc: [words.includes('musl') ? 'musl' : 'glibc'] }
}

/**
 * The lockfile with an entry for each gap. The entries have no integrity: the contents aren't at hand.
 * @param {Lockfile} lock
 * @returns {Lockfile}
 */
export function completed(lock) {
  const added = gaps(lock).map(({ path, name, version, like }) => {
    const { os, cpu, libc } = platform(name)
    const entry = {
      version,
      cpu,
      dev: like.dev,
      libc,
      license: like.license,
      optional: true,
      os,
      engines: like.engines,
    }
    return [path, entry]
  })
  const byPath = [...Object.entries(lock.packages), ...added].sort(([a], [b]) =>
    String(a).localeCompare(String(b), 'en'),
  )
  return { ...lock, packages: Object.fromEntries(byPath) }
}
