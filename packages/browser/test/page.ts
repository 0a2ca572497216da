import { onTestFinished, vi } from 'vitest'
import { type BrowserClient, type BrowserClientOptions, createBrowserClient } from '../src/index.ts'
import { CLIENT_KEY, type EvaluationServer } from './evaluation-server.ts'

/** A client on a page of this server. Closes with the test. */
export function openPage(server: EvaluationServer, options: Partial<BrowserClientOptions> = {}): BrowserClient {
  const { fetch, eventSource } = server
  const client = createBrowserClient({
    url: 'http://dimmer.test',
    clientKey: CLIENT_KEY,
    context: { accountId: 'acc-1' },
    autoConnect: true,
    fetch,
    eventSource,
    ...options,
  })
  onTestFinished(() => client.close())
  return client
}

/** Lets everything happen that needs no time. */
export async function soon(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0)
}
