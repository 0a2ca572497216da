import type { ClientStreamEvent } from '@dimmer/protocol'
import { sseFrame } from '../../http/sse.ts'
import type { Heartbeats } from './heartbeats.ts'

/** Whether what this node serves may be out of date. Its streams are told when that changes: nobody must take old values for new. */
export class CutOff {
  readonly #heartbeats: Heartbeats
  #now = false

  constructor(heartbeats: Heartbeats) {
    this.#heartbeats = heartbeats
  }

  get now(): boolean {
    return this.#now
  }

  set(cutOff: boolean): void {
    if (cutOff === this.#now) return
    this.#now = cutOff
    const event: ClientStreamEvent = { type: 'state', cutOff }
    this.#heartbeats.tellAll({
      sdk: sseFrame({ name: cutOff ? 'cut-off' : 'in-touch', data: '{}' }),
      page: sseFrame({ data: JSON.stringify(event) }),
    })
  }
}
