// @ts-check
/** A vitest reporter that writes how many tests passed, failed and were skipped in each project. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { inRoot } from './root.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {Record<string, Counts>} CountsByProject */

/** Written at the end of a run; missing when the run did not get that far. */
export const countsFile = inRoot('.cache', 'test-counts.json')

/**
 * @param {readonly import('vitest/node').TestModule[]} modules
 * @returns {CountsByProject}
 */
function count(modules) {
  /** @type {CountsByProject} */
  const projects = {}
  for (const module of modules) {
    projects[module.project.name] ??= { passed: 0, failed: 0, skipped: 0 }
    const counts = projects[module.project.name]
    if (counts === undefined) continue
    let failedTests = 0
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') counts.passed++
      else if (state === 'failed') failedTests++
      else counts.skipped++
    }
    // A file that cannot be loaded, or whose set-up fails, has no failed test but has failed.
    counts.failed += failedTests === 0 && !module.ok() ? 1 : failedTests
  }
  return projects
}

export default class CountReporter {
  /**
   * Called by vitest.
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const projects = count(modules)
    if (unhandledErrors.length > 0) {
      projects['outside any test'] = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    }
    mkdirSync(dirname(countsFile), { recursive: true })
    writeFileSync(countsFile, JSON.stringify(projects, undefined, 2))
  }
}
