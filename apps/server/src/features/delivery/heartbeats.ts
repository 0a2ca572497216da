import { HEARTBEAT_FRAME, type SseConnection } from '../../http/sse.ts'

/**
 * Keeps the open streams: writes a comment to each now and then, so that both ends notice a dead connection, and
 * closes those whose key was revoked or whose session ended.
 */
export class Heartbeats {
  readonly everyMs: number
  readonly #connections = new Map<SseConnection, string | undefined>()
  readonly #timer: NodeJS.Timeout

  constructor(everyMs: number) {
    this.everyMs = everyMs
    this.#timer = setInterval(() => {
      for (const connection of this.#connections.keys()) connection.write(HEARTBEAT_FRAME)
    }, everyMs)
    this.#timer.unref()
  }

  get size(): number {
    return this.#connections.size
  }

  /** With what streams are open: ids of SDK keys, and "id:version" of people's sessions and keys. */
  keyIds(): readonly string[] {
    return [...new Set(this.#connections.values())].filter(keyId => keyId !== undefined)
  }

  add(connection: SseConnection, keyId?: string): void {
    this.#connections.set(connection, keyId)
  }

  remove(connection: SseConnection): void {
    this.#connections.delete(connection)
  }

  /** Closes all streams that were opened with this key. */
  closeKey(keyId: string): void {
    for (const [connection, used] of this.#connections) if (used === keyId) connection.close()
  }

  closeAll(): void {
    clearInterval(this.#timer)
    for (const connection of this.#connections.keys()) connection.close()
  }
}
