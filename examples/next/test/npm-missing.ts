import { runNpmQuietly } from '../../../tooling/lib/run.mjs'

const REACHABLE = ['ping', '--fetch-retries=0', '--fetch-timeout=10000']

/**
 * Installs, and says why that can't be had on this machine; undefined when all is there. Rejects when npm's registry can
 * be reached and installing fails all the same.
 */
export async function npmMissing(install: () => Promise<void>): Promise<string | undefined> {
  try {
    await install()
    return undefined
  } catch (error) {
    const reachable = await runNpmQuietly(REACHABLE).then(
      () => true,
      () => false,
    )
    if (reachable) throw error
    return 'its packages are not installed (examples/next), and npm cannot reach its registry'
  }
}
