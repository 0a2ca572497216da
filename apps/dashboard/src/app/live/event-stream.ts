import type { OpenStream, StreamListeners } from './live-connection.ts'

/** Three missed heartbeats: the connection is dead, even if nothing has said so (a laptop that slept). */
const LONGEST_SILENCE_MS = 45_000

/** Takes the text of an event stream piece by piece; hands over the data of each event. */
export function eventStreamParser(onData: (data: string) => void): (piece: string) => void {
  let rest = ''
  let data: string[] = []
  return piece => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5))
      else if (line === '' && data.length > 0) {
        onData(data.join('\n'))
        data = []
      }
    }
  }
}

async function read(response: Response, listeners: StreamListeners, heard: () => void): Promise<void> {
  if (!response.ok || response.body === null) return
  listeners.opened()
  const parse = eventStreamParser(listeners.message)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    heard()
    parse(next.value)
  }
}

/** An event stream over `fetch`: unlike `EventSource` it can send the admin token. */
export const openEventStream =
  (url: string, headers: Readonly<Record<string, string>>): OpenStream =>
  listeners => {
    const stop = new AbortController()
    let closed = false
    let silence: ReturnType<typeof setTimeout>
    const heard = () => {
      clearTimeout(silence)
      silence = setTimeout(() => stop.abort(), LONGEST_SILENCE_MS)
    }
    heard()
    fetch(url, { headers: { ...headers, accept: 'text/event-stream' }, signal: stop.signal })
      .then(response => read(response, listeners, heard))
      .catch(() => undefined)
      .finally(() => {
        clearTimeout(silence)
        if (!closed) listeners.ended()
      })
    return () => {
      closed = true
      stop.abort()
    }
  }
