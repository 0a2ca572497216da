import { instancesAnswerSchema, type SharedInstance } from '@dimmer/protocol'
import type { Instances } from '../delivery/index.ts'
import type { Upstream } from './upstream.ts'

/** Changes within this time travel together, in ms. */
const TOGETHER_MS = 20
const TOGETHER = 1_000
const ALIVE_EVERY_MS = 3_000

export interface EdgeReportsDeps {
  readonly upstream: Upstream
  readonly key: string
  readonly instances: Instances
  /** The ruleset version that the edge itself runs, and how. */
  readonly own: () => { readonly version: number; readonly state: 'live' | 'polling' } | undefined
}

/** Tells the server which instances hang on this edge and what each has confirmed; and that the edge itself is there. */
export class EdgeReports {
  readonly #deps: EdgeReportsDeps
  readonly #timer: NodeJS.Timeout
  #due = false
  #sending: Promise<void> | undefined
  #confirmed: number | undefined
  #inTouch = false

  constructor(deps: EdgeReportsDeps) {
    this.#deps = deps
    this.#timer = setInterval(() => void this.#send(true), ALIVE_EVERY_MS)
    this.#timer.unref()
  }

  /** There are changes to pass on: soon, and together with those that come meanwhile. */
  due(): void {
    if (this.#due) return
    this.#due = true
    setTimeout(() => {
      this.#due = false
      void this.#send(false)
    }, TOGETHER_MS).unref()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#send(false)
    const own = this.#deps.own()
    if (own === undefined || !this.#inTouch) return
    const body = { version: own.version, state: 'closed' }
    await this.#deps.upstream.post('/sdk/v1/receipts', this.#deps.key, body)
  }

  /** One after the other: what came first must not arrive last. */
  async #send(alive: boolean): Promise<void> {
    while (this.#sending !== undefined) await this.#sending
    this.#sending = this.#sendNow(alive).finally(() => {
      this.#sending = undefined
    })
    await this.#sending
  }

  async #sendNow(alive: boolean): Promise<void> {
    await this.#confirmOwn()
    // While the server is away nothing is lost: afterwards it is told everything.
    const changes = [...this.#deps.instances.takeChanges().values()].flat()
    if (changes.length === 0) {
      if (alive) await this.#tell([])
      return
    }
    for (let start = 0; start < changes.length; start += TOGETHER) {
      if (!(await this.#tell(changes.slice(start, start + TOGETHER)))) return
    }
  }

  async #confirmOwn(): Promise<void> {
    const own = this.#deps.own()
    if (own === undefined || own.version === this.#confirmed) return
    const answer = await this.#deps.upstream.post('/sdk/v1/receipts', this.#deps.key, own)
    if (answer.kind === 'ok') this.#confirmed = own.version
  }

  async #tell(instances: readonly SharedInstance[]): Promise<boolean> {
    const answer = await this.#deps.upstream.post('/sdk/v1/instances', this.#deps.key, { instances })
    const wasInTouch = this.#inTouch
    this.#inTouch = answer.kind === 'ok'
    const tellAll = answer.kind === 'ok' && instancesAnswerSchema.safeParse(answer.body).data?.tellAll === true
    if (tellAll) this.#confirmed = undefined
    if (this.#inTouch && (tellAll || !wasInTouch)) this.#deps.instances.passOnAll()
    return this.#inTouch
  }
}
