import type { Snapshot } from '@dimmer/engine'
import type { Receipt } from '@dimmer/protocol'
import { BackOff, type Cancel, RECONNECT } from '@dimmer/sdk-core'
import type { Platform } from './platform.ts'
import type { SdkHttp } from './sdk-http.ts'

const PATH = '/sdk/v1/receipts'
/** As many as the server takes; the log has them all. */
const MOST_SKIPPED_PARTS = 20

/** What of a ruleset this SDK goes on without, for the server's list of instances. */
export function skipsOf({ problems }: Snapshot): Pick<Receipt, 'skips'> {
  if (problems.length === 0) return {}
  const skips = problems.slice(0, MOST_SKIPPED_PARTS).map(({ flagKey, path, code }) => ({
    flag: flagKey?.slice(0, 100) ?? null,
    path: path.slice(0, 300),
    code,
  }))
  return { skips }
}

export interface ReceiptsDeps {
  readonly platform: Platform
  readonly http: SdkHttp
  readonly timeoutMs: number
  /** What to report at the time of sending; undefined: nothing to report. */
  readonly current: () => Receipt | undefined
}

/** Tells the server which version this instance runs: soon after each change, once for changes in quick succession. */
export class Receipts {
  readonly #deps: ReceiptsDeps
  readonly #backOff: BackOff
  readonly #abort = new AbortController()
  #stopTimer: Cancel | undefined
  #due = false
  #sending = false
  #delayMs = 1_000
  /** The last version that was reported. */
  #version: number | undefined

  constructor(deps: ReceiptsDeps) {
    this.#deps = deps
    const { random, monotonic: now } = deps.platform
    this.#backOff = new BackOff({ random, now, ...RECONNECT })
  }

  /** Upper end of the random delay before a receipt, in ms. */
  useDelay(ms: number): void {
    this.#delayMs = ms
  }

  /** A receipt is due: there is a new version, or a server that may not know this instance. */
  due(): void {
    this.#due = true
    if (this.#stopTimer === undefined && !this.#sending) this.#schedule(this.#deps.platform.random() * this.#delayMs)
  }

  /** Says good-bye, so that nobody waits for this instance or misses it; for at most `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    this.#abort.abort()
    this.#stopTimer?.()
    if (this.#version === undefined) return
    const body: Receipt = { version: this.#version, state: 'closed' }
    await this.#deps.http.exchange({ path: PATH, body, signal: new AbortController().signal, timeoutMs })
  }

  #schedule(ms: number): void {
    if (this.#abort.signal.aborted) return
    if (ms === 0) {
      void this.#send()
      return
    }
    this.#stopTimer = this.#deps.platform.setTimer(() => void this.#send(), ms)
  }

  async #send(): Promise<void> {
    const body = this.#deps.current()
    this.#stopTimer = undefined
    this.#due = false
    if (body === undefined) return
    const { http, timeoutMs } = this.#deps
    this.#sending = true
    const answer = await http.exchange({ path: PATH, body, signal: this.#abort.signal, timeoutMs })
    this.#sending = false
    if (answer.kind === 'failed') {
      this.#schedule(this.#backOff.next(answer.retryAfterMs))
      return
    }
    this.#backOff.reset()
    this.#version = body.version
    if (this.#due) this.#schedule(this.#deps.platform.random() * this.#delayMs)
  }
}
