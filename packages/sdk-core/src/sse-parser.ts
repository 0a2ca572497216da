/** One server-sent event. `id` is the last id that the stream gave; empty when there was none. */
export interface SseEvent {
  readonly event: string
  readonly data: string
  readonly id: string
}

const LINE_END = /\r\n|\r|\n/g

/** Turns the bytes of a `text/event-stream` into events, however they are cut into chunks. */
export class SseParser {
  readonly #decoder = new TextDecoder()
  #line = ''
  #endedOnCr = false
  #event = ''
  #data: string[] = []
  #id = ''

  /** The events that `chunk` completes. */
  push(chunk: Uint8Array): readonly SseEvent[] {
    const events: SseEvent[] = []
    let text = this.#decoder.decode(chunk, { stream: true })
    if (text === '') return events
    // A CR ends a line at once, so the LF of a CRLF that was cut in two belongs to the line before.
    if (this.#endedOnCr && text.startsWith('\n')) text = text.slice(1)
    this.#endedOnCr = text.endsWith('\r')
    let start = 0
    for (const end of text.matchAll(LINE_END)) {
      const line = this.#line + text.slice(start, end.index)
      this.#line = ''
      start = end.index + end[0].length
      if (line === '') this.#dispatch(events)
      else this.#field(line)
    }
    this.#line += text.slice(start)
    return events
  }

  #dispatch(events: SseEvent[]): void {
    if (this.#data.length > 0) {
      events.push({ event: this.#event || 'message', data: this.#data.join('\n'), id: this.#id })
    }
    this.#event = ''
    this.#data = []
  }

  #field(line: string): void {
    const colon = line.indexOf(':')
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (name === 'event') this.#event = value
    else if (name === 'data') this.#data.push(value)
    else if (name === 'id' && !value.includes('\0')) this.#id = value
  }
}
