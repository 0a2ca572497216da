import { once } from 'node:events'
import { createServer, request } from 'node:http'

export interface CollectingProxy {
  readonly url: string
  close(): Promise<void>
}

/**
 * Stands before an HTTP server as proxies do that collect an answer before they pass it on: what has an end arrives, an
 * event stream doesn't. `passBytes`: what is collected is passed on whenever there are so many bytes.
 */
export async function startCollectingProxy(serverUrl: string, passBytes = Infinity): Promise<CollectingProxy> {
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url = '/' } = incoming
    const asked = request(new URL(url, serverUrl), { method: method ?? 'GET', headers }, answer => {
      let held: Buffer[] = []
      let size = 0
      const pass = () => {
        if (!outgoing.headersSent) outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        outgoing.write(Buffer.concat(held))
        held = []
        size = 0
      }
      answer.on('data', (chunk: Buffer) => {
        held.push(chunk)
        size += chunk.length
        if (size >= passBytes) pass()
      })
      answer.on('error', () => outgoing.destroy())
      answer.on('end', () => {
        pass()
        outgoing.end()
      })
    })
    asked.on('error', () => outgoing.destroy())
    outgoing.on('close', () => asked.destroy())
    incoming.pipe(asked)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    close: async () => {
      proxy.closeAllConnections()
      proxy.close()
    },
  }
}
