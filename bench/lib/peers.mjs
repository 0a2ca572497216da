// @ts-check
/** Loads the other vendors' SDKs from bench/peers, which has its own lockfile and is no workspace. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const manifest = new URL('../peers/package.json', import.meta.url)

/** CommonJS builds, so that all peers are loaded alike. */
export const requirePeer = createRequire(manifest)

/**
 * @param {string} name of an npm package
 * @returns {string} "flagd-core 4.0.1"
 */
export function peerName(name) {
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8'))
  return `${name.split('/').at(-1)} ${dependencies[name]}`
}
