import { Client } from './client.ts'
import { checkOptions } from './options.ts'
import type { ClientOptions, DimmerClient } from './types.ts'

/**
 * Connects to one environment of a Dimmer server, at once and in the background.
 *
 * @throws TypeError for options with which it could never work. It is the only call of this package that throws.
 * @example
 * const client = createClient({ url: 'http://127.0.0.1:4400', sdkKey: 'dmr_server_...' })
 * await client.ready()
 * if (client.isEnabled('new-pdf-engine', { accountId: 'acc-1' })) { ... }
 */
export function createClient(options: ClientOptions): DimmerClient {
  // `FlagTypes` says what the flags serve; the class knows nothing of it.
  return new Client(checkOptions(options)) as unknown as DimmerClient
}
