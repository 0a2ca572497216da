import type { LiveEvent } from '@dimmer/protocol'
import { type SseConnection, sseFrame } from '../../http/sse.ts'

/** The open dashboards of this node, by project. */
export class Dashboards {
  readonly #open = new Map<string, Set<SseConnection>>()

  add(projectKey: string, connection: SseConnection): void {
    const open = this.#open.get(projectKey) ?? new Set()
    this.#open.set(projectKey, open)
    open.add(connection)
  }

  remove(projectKey: string, connection: SseConnection): void {
    const open = this.#open.get(projectKey)
    open?.delete(connection)
    if (open?.size === 0) this.#open.delete(projectKey)
  }

  tell(projectKey: string, event: LiveEvent): void {
    const open = this.#open.get(projectKey)
    if (open === undefined) return
    const frame = sseFrame({ data: JSON.stringify(event) })
    for (const connection of open) connection.write(frame)
  }
}
