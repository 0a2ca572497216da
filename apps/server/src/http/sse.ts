import type { FastifyReply, FastifyRequest } from 'fastify'

/** A client that does not read is dropped when this much waits for it, in bytes. */
const MAX_WAITING = 16 * 1024 * 1024

/** Whom a stream is for. In pages `EventSource` swallows comments, and shows named events to those only who know the names. */
export type SseAudience = 'sdk' | 'page' | 'dashboard'

/** One open event stream. */
export interface SseConnection {
  readonly audience: SseAudience
  /** Writes a frame; drops the connection if the client has stopped reading. */
  write(frame: Buffer): void
  /** Writes a heartbeat; drops the connection if what was written before two of them has not left yet. */
  beat(): void
  close(): void
}

/** A frame of an event stream (WHATWG HTML, "server-sent events"). `data` must be one line: JSON is. */
export const sseFrame = (event: {
  readonly name?: string
  readonly id?: number | string
  readonly data: string
}): Buffer =>
  Buffer.from(
    `${event.name === undefined ? '' : `event: ${event.name}\n`}${event.id === undefined ? '' : `id: ${event.id}\n`}data: ${event.data}\n\n`,
  )

const COMMENT: Buffer = Buffer.from(':\n\n')
const HEARTBEATS: Readonly<Record<SseAudience, Buffer>> = {
  sdk: COMMENT,
  page: sseFrame({ data: '{"type":"heartbeat"}' }),
  dashboard: COMMENT,
}

export interface SseOptions {
  readonly audience: SseAudience
  /** Runs once, whoever closes. */
  readonly onClose: () => void
}

/** Of thousands of streams, that stay for hours, nobody asks again with what headers they were asked for. */
function forgetHeaders({ raw }: FastifyRequest): void {
  raw.headers = {}
  raw.rawHeaders = []
}

/**
 * Takes the reply over and keeps it open as an event stream. Headers that hooks have set (CORS) are sent too. Those of the
 * request are gone afterwards.
 */
export function openSse(
  request: FastifyRequest,
  reply: FastifyReply,
  { audience, onClose }: SseOptions,
): SseConnection {
  reply.hijack()
  const { raw } = reply
  // What is written before the next turn leaves with the headers, in one go.
  raw.cork()
  process.nextTick(() => raw.uncork())
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  raw.flushHeaders()
  request.raw.socket.setNoDelay(true)
  request.raw.socket.setTimeout(0)
  forgetHeaders(request)
  // The client may have gone while we looked up its key: then there is no event to come.
  if (raw.destroyed || request.raw.socket.destroyed) queueMicrotask(onClose)
  else raw.once('close', onClose)
  raw.on('error', () => raw.destroy())
  let beatsStuck = 0
  raw.on('drain', () => {
    beatsStuck = 0
  })
  return {
    audience,
    beat: () => {
      if (raw.destroyed) return
      beatsStuck = raw.writableNeedDrain ? beatsStuck + 1 : 0
      if (beatsStuck > 2) raw.destroy()
      else if (beatsStuck === 0) raw.write(HEARTBEATS[audience])
    },
    write: frame => {
      if (raw.destroyed) return
      if (raw.writableLength + frame.length > MAX_WAITING && raw.writableLength > 0) raw.destroy()
      else raw.write(frame)
    },
    close: () => {
      raw.end()
    },
  }
}
