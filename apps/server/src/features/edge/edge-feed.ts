import { diffRulesets, type Snapshot } from '@dimmer/engine'
import { AppError } from '../../kernel/errors.ts'
import type { Clock } from '../../ports/clock.ts'
import { CutOff, Feed, type FeedSource, type Heartbeats } from '../delivery/index.ts'

/** The one ruleset of an edge, and whether it is up to date. */
export class EdgeFeed implements FeedSource {
  readonly #clock: Clock
  readonly #cutOff: CutOff
  readonly #waiting: (() => void)[] = []
  #feed: Feed | undefined

  constructor(heartbeats: Heartbeats, clock: Clock) {
    this.#clock = clock
    this.#cutOff = new CutOff(heartbeats)
  }

  get cutOff(): boolean {
    return this.#cutOff.now
  }

  get current(): Feed | undefined {
    return this.#feed
  }

  async feed(): Promise<Feed> {
    if (this.#feed === undefined) throw new AppError('unavailable', 'This edge has no ruleset yet; try again.')
    return this.#feed
  }

  /** What clients claim is the server's to judge: to it they come when this edge is gone. */
  claimed(): void {}

  /** Resolves when there is a ruleset. */
  async ready(): Promise<void> {
    if (this.#feed === undefined) await new Promise<void>(resolve => this.#waiting.push(resolve))
  }

  take({ ruleset }: Snapshot): void {
    if (this.#feed === undefined) {
      this.#feed = new Feed(ruleset, this.#clock)
      for (const tell of this.#waiting.splice(0)) tell()
      return
    }
    if (ruleset.version > this.#feed.version) this.#feed.push(diffRulesets(this.#feed.ruleset, ruleset))
  }

  /** Whether the server is lost. */
  setCutOff(cutOff: boolean): void {
    this.#cutOff.set(cutOff)
  }
}
