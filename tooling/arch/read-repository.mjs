// @ts-check
/** Finds the source files of the repository, and where their imports lead. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parseSource } from './parse-source.mjs'

/** @import { ImportSite, ResolvedImport, SourceFile } from './types.ts' */
/** @typedef {{ home: string, exports: Readonly<Record<string, unknown>> }} Workspace */
/** @typedef {(importer: string, site: ImportSite) => ResolvedImport} Resolve */

const groups = ['packages', 'apps', 'examples']
const singles = ['bench', 'tooling']
const skipped = new Set(['node_modules', 'dist', 'coverage'])
const isSource = /\.(ts|tsx|mts|mjs)$/

/**
 * The workspace that a path belongs to; "" outside any.
 * @param {string} path
 */
function homeOf(path) {
  const [first = '', second, ...rest] = path.split('/')
  if (groups.includes(first) && second !== undefined && rest.length > 0) return `${first}/${second}`
  return singles.includes(first) && second !== undefined ? first : ''
}

/**
 * Tests, and helpers that live in a `test` folder.
 * @param {string} path
 */
const isTestPath = path => /\.test\.tsx?$/.test(path) || path.split('/').slice(0, -1).includes('test')

/**
 * @param {string} root
 * @param {string} [folder]
 * @returns {string[]}
 */
function sourcePaths(root, folder = '') {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = posix.join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) || entry.name.startsWith('.') ? [] : sourcePaths(root, path)
    return entry.isFile() && isSource.test(entry.name) ? [path] : []
  })
}

/**
 * Workspaces by package name.
 * @param {string} root
 * @returns {Map<string, Workspace>}
 */
function workspaces(root) {
  const inGroups = groups.flatMap(group => {
    const folder = join(root, group)
    return existsSync(folder) ? readdirSync(folder).map(name => `${group}/${name}`) : []
  })
  const homes = [...inGroups, ...singles].filter(home => existsSync(join(root, home, 'package.json')))
  return new Map(
    homes.map(home => {
      const manifest = JSON.parse(readFileSync(join(root, home, 'package.json'), 'utf8'))
      return [String(manifest.name), { home, exports: manifest.exports ?? {} }]
    }),
  )
}

/**
 * @param {string} root
 * @param {string} path without or with an extension
 */
function existingFile(root, path) {
  const candidates = [path, path.replace(/\.js(x?)$/, '.ts$1'), `${path}.ts`, `${path}.tsx`, `${path}/index.ts`]
  return candidates.find(candidate => statSync(join(root, candidate), { throwIfNoEntry: false })?.isFile())
}

/**
 * @param {unknown} entry of an `exports` map
 * @returns {string | undefined}
 */
function sourceEntry(entry) {
  if (typeof entry === 'string') return entry
  if (typeof entry !== 'object' || entry === null) return undefined
  const conditions = /** @type {Record<string, unknown>} */ (entry)
  return sourceEntry(conditions.source ?? conditions.default)
}

/**
 * @param {string} root
 * @returns {Resolve}
 */
function resolver(root) {
  const byName = workspaces(root)
  return (importer, site) => {
    if (site.specifier.startsWith('.')) {
      const path = posix.join(posix.dirname(importer), site.specifier)
      return { ...site, target: existingFile(root, path) ?? path, targetHome: homeOf(path), notExported: false }
    }
    const [scope, base, ...inner] = site.specifier.split('/')
    const workspace = byName.get(`${scope}/${base}`)
    if (workspace === undefined) return { ...site, target: undefined, targetHome: undefined, notExported: false }
    const entry = sourceEntry(workspace.exports[['.', ...inner].join('/')])
    const target = entry === undefined ? undefined : posix.join(workspace.home, entry)
    return { ...site, target, targetHome: workspace.home, notExported: inner.length > 0 && entry === undefined }
  }
}

/**
 * @param {string} root
 * @returns {SourceFile[]}
 */
export function readRepository(root) {
  const resolve = resolver(root)
  return sourcePaths(root).map(path => {
    const { imports, outsideUses } = parseSource(path, readFileSync(join(root, path), 'utf8'))
    return {
      path,
      home: homeOf(path),
      isTest: isTestPath(path),
      imports: imports.map(site => resolve(path, site)),
      outsideUses,
    }
  })
}
