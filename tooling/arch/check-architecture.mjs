// @ts-check
import { checkCycles } from './check-cycles.mjs'
import { checkEffects } from './check-effects.mjs'
import { checkPackages } from './check-packages.mjs'
import { checkServer } from './check-server.mjs'
import { readRepository } from './read-repository.mjs'

/** @import { Violation } from './types.ts' */

/**
 * Checks every source file of a repository against `rules.mjs`.
 * @param {string} root
 * @returns {{ files: number, imports: number, violations: Violation[] }} violations by file and line
 */
export function checkArchitecture(root) {
  const files = readRepository(root)
  const violations = [checkPackages, checkServer, checkEffects, checkCycles].flatMap(check => check(files))
  violations.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
  return { files: files.length, imports: files.reduce((sum, file) => sum + file.imports.length, 0), violations }
}

/**
 * @param {Violation} violation
 * @returns {string} two lines: where and what, then the rule and what is allowed
 */
export function describeViolation({ file, line, rule, found, allowed }) {
  return `${file}:${line}  ${found}\n  [${rule}] ${allowed}`
}
