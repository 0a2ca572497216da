// @ts-check
import { fork } from 'node:child_process'
import { once } from 'node:events'

/**
 * A forked process that is asked and answers in messages with a `kind`.
 * @template {{ readonly kind: string }} Ask what it may be sent
 * @template {{ readonly kind: string }} Told what it may say
 */
export class Child {
  #process

  /**
   * @param {string} file
   * @param {readonly string[]} args
   */
  constructor(file, args) {
    // A session of its own: Linux shares the cores out between sessions, and clients elsewhere would not take the
    // server's part. So it has to notice by itself when we are gone ("disconnect").
    this.#process = fork(file, args, { detached: true })
    this.#process.setMaxListeners(100)
  }

  get pid() {
    return this.#process.pid ?? 0
  }

  /** @param {Ask} message */
  send(message) {
    this.#process.send(message)
  }

  /**
   * @param {(told: Told) => void} hear
   * @returns {() => void} stops it
   */
  listen(hear) {
    this.#process.on('message', hear)
    return () => void this.#process.off('message', hear)
  }

  /**
   * The next message of this kind.
   * @template {Told['kind']} Kind
   * @param {Kind} kind
   * @returns {Promise<Extract<Told, { kind: Kind }>>}
   */
  heard(kind) {
    return new Promise(resolve => {
      const stop = this.listen(told => {
        if (told.kind !== kind) return
        stop()
        resolve(/** @type {Extract<Told, { kind: Kind }>} */ (told))
      })
    })
  }

  /**
   * @template {Told['kind']} Kind
   * @param {Ask} message
   * @param {Kind} kind of the answer
   */
  ask(message, kind) {
    const answer = this.heard(kind)
    this.send(message)
    return answer
  }

  kill() {
    this.#process.kill()
  }

  async ended() {
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, 'exit')
  }
}
