// @ts-check
/** `node tooling/check-arch.mjs`: arrows, cycles, doors, purity, environment. The rules are in `arch/rules.mjs`. */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkArchitecture, describeViolation } from './arch/check-architecture.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { files, imports, violations } = checkArchitecture(root)
for (const violation of violations) console.error(describeViolation(violation))
console.log(`${files} files, ${imports} imports, ${violations.length} against the rules`)
process.exitCode = violations.length === 0 ? 0 : 1
