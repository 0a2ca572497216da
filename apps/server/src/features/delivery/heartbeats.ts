import { setTimeout as delay } from 'node:timers/promises'
import type { SseAudience, SseConnection } from '../../http/sse.ts'
import { AppError } from '../../kernel/errors.ts'

/** Longest silence on a stream. */
export const HEARTBEAT_MS = 15_000

/** Streams that are ended together, and the pause after them: 5,000 take a second. */
const MOVED_TOGETHER = 50
const MOVE_PAUSE_MS = 10
const RETRY_WITHIN_MS = 2_000

/**
 * Keeps the open streams: writes something to each now and then, so that both ends notice a dead connection, and closes
 * those whose key was revoked or whose session ended.
 */
export class Heartbeats {
  readonly everyMs: number
  readonly #connections = new Map<SseConnection, string | undefined>()
  readonly #timer: NodeJS.Timeout
  #leaving = false

  constructor(everyMs: number) {
    this.everyMs = everyMs
    this.#timer = setInterval(() => {
      for (const connection of this.#connections.keys()) connection.beat()
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

  /** To be asked before a stream is opened: throws `unavailable` on a node that is about to stop. */
  assertOpen(): void {
    if (this.#leaving)
      throw new AppError('unavailable', 'This node is stopping; come back to it, or to another, later.')
  }

  add(connection: SseConnection, keyId?: string): void {
    this.#connections.set(connection, keyId)
  }

  remove(connection: SseConnection): void {
    this.#connections.delete(connection)
  }

  /** Writes to all streams of these audiences, to each its own words. */
  tellAll(frames: Readonly<Partial<Record<SseAudience, Buffer>>>): void {
    for (const connection of this.#connections.keys()) {
      const frame = frames[connection.audience]
      if (frame !== undefined) connection.write(frame)
    }
  }

  /** Closes all streams that were opened with this key. */
  closeKey(keyId: string): void {
    for (const [connection, used] of this.#connections) if (used === keyId) connection.close()
  }

  /**
   * Ends all streams, spread over a while, and tells browsers to wait for a random time: they come back to other nodes,
   * and not all at once. From now on no other is opened.
   */
  async moveAway(): Promise<void> {
    this.#leaving = true
    clearInterval(this.#timer)
    const connections = [...this.#connections.keys()]
    for (const [index, connection] of connections.entries()) {
      connection.write(Buffer.from(`retry: ${Math.round(250 + Math.random() * RETRY_WITHIN_MS)}\n\n`))
      connection.close()
      if (index % MOVED_TOGETHER === MOVED_TOGETHER - 1) await delay(MOVE_PAUSE_MS)
    }
  }
}
