// @ts-check
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root folder of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/**
 * @param {...string} parts of a path below the root
 */
export const inRoot = (...parts) => join(root, ...parts)
