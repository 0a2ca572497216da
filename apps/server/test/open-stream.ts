/** An open event stream: what has come so far, and whether it has ended. */
export interface OpenStream {
  readonly status: number
  readonly text: string
  readonly ended: boolean
  stop(): void
}

/** Opens an event stream and reads it in the background. */
export async function openStream(url: string, headers: Readonly<Record<string, string>> = {}): Promise<OpenStream> {
  const abort = new AbortController()
  const { status, body } = await fetch(url, { signal: abort.signal, headers })
  const stream = { status, text: '', ended: false, stop: () => abort.abort() }
  const read = async () => {
    for await (const chunk of body ?? []) stream.text += Buffer.from(chunk).toString()
  }
  void read()
    .catch(() => undefined)
    .finally(() => {
      stream.ended = true
    })
  return stream
}

/** Where the pages with this browser key hear of changes: what a bulk answer says. */
export async function streamAddress(serverUrl: string, browserKey: string): Promise<string> {
  const answer = await fetch(`${serverUrl}/ofrep/v1/evaluate/flags`, {
    method: 'POST',
    headers: { authorization: `Bearer ${browserKey}`, 'content-type': 'application/json' },
    body: '{}',
  })
  const { eventStreams } = await answer.json()
  return eventStreams[0].endpoint.requestUri
}
