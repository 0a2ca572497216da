import { applyPatch, compile, type Ruleset, type RulesetPatch, type Snapshot } from '@dimmer/engine'
import { linearRegex, readsClock } from '@dimmer/node/follow'
import { sseFrame } from '../../http/sse.ts'
import type { Clock } from '../../ports/clock.ts'
import { Compressed } from './compressed.ts'
import { byHash, type LongList, LongLists, longIds } from './long-lists.ts'
import { PageStreams } from './page-streams.ts'

/** How many of the latest changes a feed keeps for clients that come back. */
const KEPT_PATCHES = 500
/** Ids in the long lists of kept changes, at the most: some 100 MB. */
const KEPT_IDS = 2_000_000

/** Something that receives frames: an open event stream. */
export interface FrameSink {
  /** It fetches long lists by itself. */
  readonly listsByHash?: boolean
  write(frame: Buffer): void
}

/** One message as the bytes that all streams share: made when first needed, once for each way to give lists. */
class Frames {
  readonly #name: 'put' | 'patch'
  readonly #id: number
  readonly #message: Ruleset | RulesetPatch
  #whole: Buffer | undefined
  #referring: Buffer | undefined

  constructor(name: 'put' | 'patch', id: number, message: Ruleset | RulesetPatch) {
    this.#name = name
    this.#id = id
    this.#message = message
  }

  for({ listsByHash = false }: FrameSink): Buffer {
    if (!listsByHash) return this.#wholeFrame()
    this.#referring ??= this.#make()
    return this.#referring
  }

  #make(): Buffer {
    const referring = byHash(this.#message)
    return referring === this.#message ? this.#wholeFrame() : this.#frame(referring)
  }

  #wholeFrame(): Buffer {
    this.#whole ??= this.#frame(this.#message)
    return this.#whole
  }

  #frame(message: object): Buffer {
    return sseFrame({ name: this.#name, id: this.#id, data: JSON.stringify(message) })
  }
}

/**
 * One environment's ruleset in memory, and the streams that follow it. Each change is serialised once and the same
 * buffer goes to all streams. The database is not needed to serve from here.
 */
export class Feed {
  #ruleset: Ruleset
  #snapshot: Snapshot | undefined
  #readsClock: boolean | undefined
  #body: Compressed | undefined
  #put: Frames | undefined
  /** What those lack who come back with a version, for this version: many come back at once. */
  #missed = new Map<number, Frames>()
  readonly #lists = new LongLists()
  readonly #patches: RulesetPatch[] = []
  #keptIds = 0
  readonly #sinks = new Set<FrameSink>()
  /** The streams of browsers. */
  readonly pages: PageStreams

  constructor(ruleset: Ruleset, clock: Clock) {
    this.#ruleset = ruleset
    this.#lists.use(ruleset.segments)
    this.pages = new PageStreams(ruleset, clock)
  }

  get version(): number {
    return this.#ruleset.version
  }

  get ruleset(): Ruleset {
    return this.#ruleset
  }

  get streams(): number {
    return this.#sinks.size + this.pages.size
  }

  /** The compiled ruleset, made when first asked for. */
  get snapshot(): Snapshot {
    this.#snapshot ??= compile(this.#ruleset, { regex: linearRegex })
    return this.#snapshot
  }

  /** Whether values may change without a new version, because a rule begins or an account gets older. */
  get readsClock(): boolean {
    this.#readsClock ??= readsClock(this.#ruleset)
    return this.#readsClock
  }

  /** The whole ruleset as JSON, made once per version. */
  get body(): Compressed {
    this.#body ??= new Compressed(Buffer.from(JSON.stringify(this.#ruleset)))
    return this.#body
  }

  /** A long list of this ruleset, or of one shortly before it. */
  list(hash: string): LongList | undefined {
    return this.#lists.get(hash)
  }

  /** Sends what the sink lacks since `lastVersion` (undefined: everything), then all that follows. */
  attach(sink: FrameSink, lastVersion: number | undefined): void {
    if (lastVersion !== this.version) sink.write((this.#since(lastVersion) ?? this.#putFrames()).for(sink))
    this.#sinks.add(sink)
  }

  detach(sink: FrameSink): void {
    this.#sinks.delete(sink)
  }

  /** Takes the next change and passes it on. False, and nothing done, if it doesn't follow the present version. */
  push(patch: RulesetPatch): boolean {
    if (patch.from !== this.version) return false
    const applied = applyPatch(this.#ruleset, patch)
    if (applied === undefined) return false
    this.#become(applied)
    this.#keep(patch)
    this.#broadcast(new Frames('patch', patch.to, patch))
    return true
  }

  /** Takes a whole ruleset, if it is newer, and passes it on. */
  replace(ruleset: Ruleset): void {
    if (ruleset.version <= this.version) return
    this.#become(ruleset)
    this.#patches.length = 0
    this.#keptIds = 0
    this.#broadcast(this.#putFrames())
  }

  #keep(patch: RulesetPatch): void {
    this.#patches.push(patch)
    this.#keptIds += longIds(patch.segments)
    while (this.#patches.length > KEPT_PATCHES || (this.#keptIds > KEPT_IDS && this.#patches.length > 1)) {
      this.#keptIds -= longIds(this.#patches.shift()?.segments ?? {})
    }
  }

  #become(ruleset: Ruleset): void {
    this.#ruleset = ruleset
    this.#snapshot = undefined
    this.#readsClock = undefined
    this.#body = undefined
    this.#put = undefined
    this.#missed = new Map()
    this.#lists.use(ruleset.segments)
  }

  #broadcast(frames: Frames): void {
    for (const sink of this.#sinks) sink.write(frames.for(sink))
    this.pages.use(this.#ruleset)
  }

  #putFrames(): Frames {
    this.#put ??= new Frames('put', this.version, this.#ruleset)
    return this.#put
  }

  #since(version: number | undefined): Frames | undefined {
    if (version === undefined) return undefined
    const made = this.#missed.get(version)
    if (made !== undefined) return made
    const patch = this.#merged(version)
    if (patch === undefined) return undefined
    const frames = new Frames('patch', patch.to, patch)
    this.#missed.set(version, frames)
    return frames
  }

  /** All kept changes since `version` as one; undefined if they are not all kept, or the client is ahead of us. */
  #merged(version: number): RulesetPatch | undefined {
    const first = this.#patches.findIndex(patch => patch.from === version)
    if (first < 0) return undefined
    const missed = this.#patches.slice(first)
    const units = missed.findLast(patch => patch.units !== undefined)?.units
    const hidden = missed.findLast(patch => patch.privateAttributes !== undefined)?.privateAttributes
    return {
      ...(units === undefined ? {} : { units }),
      ...(hidden === undefined ? {} : { privateAttributes: hidden }),
      from: version,
      to: this.version,
      flags: Object.assign({}, ...missed.map(patch => patch.flags)),
      segments: Object.assign({}, ...missed.map(patch => patch.segments)),
    }
  }
}
