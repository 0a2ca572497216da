// @ts-check
/** Imports nothing, so that an old Node can still load it and say what is wrong. */

const leastMajor = 20
const leastMinor = 19

/**
 * @param {string} version as in `process.versions.node`
 * @returns {string | undefined} what to tell the user; undefined when the version will do
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined
  return `Dimmer needs Node ${leastMajor}.${leastMinor} or newer; this is ${version}. Get one at https://nodejs.org`
}

/** Ends the process with a clear message when this Node is too old. */
export function requireNode() {
  const problem = nodeProblem(process.versions.node)
  if (problem === undefined) return
  console.error(problem)
  process.exit(1)
}
