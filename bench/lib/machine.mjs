// @ts-check
import { cpus, release, totalmem, type } from 'node:os'

/** @import { Machine } from './types.ts' */

/** @returns {Machine} */
export function machine() {
  const processors = cpus()
  return {
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
  }
}
