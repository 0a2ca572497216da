import { type RuleBoundary, type Ruleset, ruleBoundaries } from '@dimmer/engine'
import type { ClientStreamEvent } from '@dimmer/protocol'
import { sseFrame } from '../../http/sse.ts'
import type { Clock } from '../../ports/clock.ts'

/** An open stream of a browser. */
export interface PageSink {
  write(frame: Buffer): void
}

/**
 * The streams of browsers. A browser learns only that there is something to ask for: after a new version, and when a rule
 * begins or ends, which changes values without one.
 */
export class PageStreams {
  readonly #clock: Clock
  readonly #sinks = new Set<PageSink>()
  #version: number
  #boundaries: readonly RuleBoundary[]
  /** The moment of which the streams were told last. */
  #told: string

  constructor(ruleset: Ruleset, clock: Clock) {
    this.#clock = clock
    this.#version = ruleset.version
    this.#boundaries = ruleBoundaries(ruleset)
    this.#told = this.moment
  }

  get size(): number {
    return this.#sinks.size
  }

  /**
   * What values depend on beside the context: the version and, if rules have begun or ended, when the last one did.
   * "12", "12.1767225600000". It is the same on all nodes.
   */
  get moment(): string {
    const now = this.#clock.now()
    const last = this.#boundaries.findLast(({ at }) => at <= now)
    return last === undefined ? String(this.#version) : `${this.#version}.${last.at}`
  }

  /** From now on the sink is told. `had`: the moment whose values it has, if it says so; an older one is told of at once. */
  attach(sink: PageSink, had: string | undefined): void {
    const { moment } = this
    this.#sinks.add(sink)
    if (had !== undefined && had !== moment) sink.write(this.#refetch(moment, versionOf(had) === String(this.#version)))
  }

  detach(sink: PageSink): void {
    this.#sinks.delete(sink)
  }

  /** Goes on with a newer ruleset, and tells all. */
  use(ruleset: Ruleset): void {
    this.#version = ruleset.version
    this.#boundaries = ruleBoundaries(ruleset)
    this.#tell(this.moment, false)
  }

  /** To be called again and again: tells all when a rule has begun or ended since, or the clock was set. */
  lookAtClock(): void {
    const { moment } = this
    if (moment !== this.#told) this.#tell(moment, true)
  }

  #tell(moment: string, again: boolean): void {
    this.#told = moment
    const frame = this.#refetch(moment, again)
    for (const sink of this.#sinks) sink.write(frame)
  }

  #refetch(moment: string, again: boolean): Buffer {
    const event: ClientStreamEvent = { type: 'refetchEvaluation', version: this.#version, ...(again && { again }) }
    return sseFrame({ id: moment, data: JSON.stringify(event) })
  }
}

const versionOf = (moment: string): string | undefined => moment.split('.')[0]
