// @ts-check
/** Takes runs one by one from the bench. */
import { parentPort } from 'node:worker_threads'
import { runOnce } from './runs.mjs'

parentPort?.on('message', (/** @type {{ world: string, seed: number }} */ { world, seed }) => {
  parentPort?.postMessage(runOnce(world, seed))
})
