// @ts-check
/** Arrows between workspaces, and the doors through which one enters another. */
import { packageArrows, pathImports } from './rules.mjs'

/** @import { ResolvedImport, SourceFile, Violation } from './types.ts' */

/**
 * @param {string} pattern with `*` for one folder
 * @param {string} path
 */
export function matchesPattern(pattern, path) {
  const parts = pattern.split('/')
  const pathParts = path.split('/')
  return parts.length === pathParts.length && parts.every((part, i) => part === '*' || part === pathParts[i])
}

/**
 * @template T
 * @param {Readonly<Record<string, T>>} table keyed by patterns
 * @param {string} home
 * @returns {T | undefined}
 */
const lookUp = (table, home) => Object.entries(table).find(([pattern]) => matchesPattern(pattern, home))?.[1]

/** @param {string} home */
function describeArrows(home) {
  const arrows = Object.entries(lookUp(packageArrows, home) ?? {})
  if (arrows.length === 0) return `${home} may import no other workspace`
  const list = arrows.map(([target, how]) => (how === 'types' ? `${target} (import type only)` : target))
  return `${home} may import ${list.join(', ')}`
}

/**
 * @param {SourceFile} file
 * @param {ResolvedImport} site
 * @returns {Pick<Violation, 'rule' | 'allowed'> | undefined}
 */
function refuseDoor(file, site) {
  if (site.notExported)
    return { rule: 'deep-import', allowed: `only what ${site.targetHome} exports in its package.json` }
  if (!site.specifier.startsWith('.') || site.targetHome === file.home || file.home === '') return undefined
  const target = site.target ?? ''
  if (file.isTest && /(^|\/)(test|tooling|spec)\//.test(target)) return undefined
  if (Object.entries(pathImports).some(([from, to]) => file.path.startsWith(from) && target.startsWith(to)))
    return undefined
  const allowed = file.isTest
    ? 'a test may reach by path only into spec/, tooling/ and test/ folders; packages are imported by name'
    : 'another workspace is imported by its name, never by a path'
  return { rule: 'deep-import', allowed }
}

/**
 * @param {SourceFile} file
 * @param {ResolvedImport} site
 * @returns {Pick<Violation, 'rule' | 'allowed'> | undefined}
 */
function refuseArrow(file, site) {
  const target = site.targetHome
  if (target === undefined || target === '' || file.home === '' || file.isTest) return undefined
  if (site.specifier.startsWith('.') && target !== file.home) return undefined
  if (target === file.home) {
    const byName = !site.specifier.startsWith('.')
    return byName
      ? { rule: 'package-arrows', allowed: 'a package imports its own files by a relative path' }
      : undefined
  }
  const arrow = lookUp(lookUp(packageArrows, file.home) ?? {}, target)
  if (arrow === 'all' || (arrow === 'types' && site.typeOnly)) return undefined
  return { rule: 'package-arrows', allowed: describeArrows(file.home) }
}

/**
 * @param {SourceFile} file
 * @param {ResolvedImport} site
 * @param {ReadonlySet<string>} testPaths
 * @returns {Pick<Violation, 'rule' | 'allowed'> | undefined}
 */
function refuseTestHelper(file, site, testPaths) {
  if (file.isTest || site.target === undefined || !testPaths.has(site.target)) return undefined
  return { rule: 'test-helpers', allowed: 'only tests may import tests and their helpers' }
}

/**
 * @param {readonly SourceFile[]} files
 * @returns {Violation[]}
 */
export function checkPackages(files) {
  const testPaths = new Set(files.filter(file => file.isTest).map(file => file.path))
  return files.flatMap(file => {
    if (file.home !== '' && lookUp(packageArrows, file.home) === undefined) {
      const allowed = `add ${file.home} to packageArrows in tooling/arch/rules.mjs`
      return [{ file: file.path, line: 1, rule: 'package-arrows', found: 'is in an unknown workspace', allowed }]
    }
    return file.imports.flatMap(site => {
      const refusal = refuseDoor(file, site) ?? refuseTestHelper(file, site, testPaths) ?? refuseArrow(file, site)
      if (refusal === undefined) return []
      return [{ file: file.path, line: site.line, found: `imports ${site.specifier}`, ...refusal }]
    })
  })
}
