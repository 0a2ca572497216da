import type { Ruleset } from '@dimmer/engine'
import { onTestFinished, vi } from 'vitest'
import { type ClientOptions, createClient, type DimmerClient, type Problem } from '../src/index.ts'
import { ManualPlatform } from './manual-platform.ts'
import { RulesetServer, SDK_KEY } from './ruleset-server.ts'

/** Waits, on the real clock, until something that the network brings about is so. */
export function until(check: () => boolean, what: string): Promise<void> {
  const look = (): void => {
    if (!check()) throw new Error(`still not so: ${what}`)
  }
  return vi.waitFor(look, { timeout: 2_000, interval: 1 })
}

/** A server, started; it stops with the test. */
export async function startServer(ruleset: Ruleset): Promise<RulesetServer> {
  const server = await RulesetServer.start(ruleset)
  onTestFinished(() => server.stop())
  return server
}

export interface Rig {
  readonly client: DimmerClient
  readonly platform: ManualPlatform
  /** Everything reported, as "code: message". */
  readonly problems: string[]
}

/** A client with time by hand; it closes with the test. */
export function connect(url: string, options: Partial<ClientOptions> = {}): Rig {
  const platform = options.platform instanceof ManualPlatform ? options.platform : new ManualPlatform()
  const problems: string[] = []
  const log = (_level: string, { code, message }: Problem): void => void problems.push(`${code}: ${message}`)
  const client = createClient({ url, sdkKey: SDK_KEY, log, ...options, platform })
  onTestFinished(async () => {
    const closing = client.close({ timeoutMs: 1 })
    platform.advance(1)
    await closing
  })
  return { client, platform, problems }
}

/** A client that has the server's ruleset. */
export async function connectLive(server: RulesetServer, options: Partial<ClientOptions> = {}): Promise<Rig> {
  const rig = connect(server.url, options)
  await until(() => rig.client.status().state === 'live', 'live')
  return rig
}
