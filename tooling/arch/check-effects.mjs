// @ts-check
/** Who may reach outside the program: pure packages never, and the environment is read in few places. */
import { builtinModules } from 'node:module'
import { matchesPattern } from './check-packages.mjs'
import { environmentReaders, pureWorkspaces } from './rules.mjs'

/** @import { SourceFile, Violation } from './types.ts' */

/** @param {string} path */
const mayReadEnvironment = path =>
  environmentReaders.some(reader => (reader.endsWith('/') ? path.startsWith(reader) : matchesPattern(reader, path)))

/** @param {string} specifier */
const isBuiltin = specifier => specifier.startsWith('node:') || builtinModules.includes(specifier)

/**
 * @param {SourceFile} file
 * @returns {Violation[]}
 */
function impurities(file) {
  const imports = file.imports.flatMap(site => {
    if (site.targetHome !== undefined) return []
    const allowed = isBuiltin(site.specifier)
      ? `${file.home} is pure: no Node builtins, so that it runs anywhere`
      : `${file.home} is pure: no npm packages`
    return [{ file: file.path, line: site.line, rule: 'pure', found: `imports ${site.specifier}`, allowed }]
  })
  const allowed = `${file.home} is pure: time, chance and I/O come in as arguments`
  const uses = file.outsideUses.map(({ name, line }) => ({
    file: file.path,
    line,
    rule: 'pure',
    found: `uses ${name}`,
    allowed,
  }))
  return [...imports, ...uses]
}

/**
 * @param {SourceFile} file
 * @returns {Violation[]}
 */
function environmentReads(file) {
  if (mayReadEnvironment(file.path)) return []
  const allowed = file.home.startsWith('packages/')
    ? 'packages never read the environment: take an option'
    : `the environment is read only in ${environmentReaders.join(', ')}`
  return file.outsideUses
    .filter(({ name }) => name === 'process.env')
    .map(({ line }) => ({ file: file.path, line, rule: 'environment', found: 'reads process.env', allowed }))
}

/**
 * @param {readonly SourceFile[]} files
 * @returns {Violation[]}
 */
export function checkEffects(files) {
  return files
    .filter(file => !file.isTest)
    .flatMap(file => (pureWorkspaces.includes(file.home) ? impurities(file) : environmentReads(file)))
}
