import { applyPatch, compile, type Ruleset, type RulesetPatch, type Snapshot } from '@dimmer/engine'
import { sseFrame } from '../../http/sse.ts'
import { linearRegex } from '../../kernel/linear-regex.ts'

/** How many of the latest changes a feed keeps for clients that come back. */
const KEPT_PATCHES = 500

/** Something that receives frames: an open event stream. */
export interface FrameSink {
  write(frame: Buffer): void
}

/**
 * One environment's ruleset in memory, and the streams that follow it. Each change is serialised once and the same
 * buffer goes to all streams. The database is not needed to serve from here.
 */
export class Feed {
  #ruleset: Ruleset
  #snapshot: Snapshot | undefined
  #body: Buffer | undefined
  readonly #patches: RulesetPatch[] = []
  readonly #sinks = new Set<FrameSink>()

  constructor(ruleset: Ruleset) {
    this.#ruleset = ruleset
  }

  get version(): number {
    return this.#ruleset.version
  }

  get ruleset(): Ruleset {
    return this.#ruleset
  }

  /** The compiled ruleset, made when first asked for. */
  get snapshot(): Snapshot {
    this.#snapshot ??= compile(this.#ruleset, { regex: linearRegex })
    return this.#snapshot
  }

  /** The ruleset as JSON, made once per version. */
  get body(): Buffer {
    this.#body ??= Buffer.from(JSON.stringify(this.#ruleset))
    return this.#body
  }

  /** Sends what the sink lacks since `lastVersion` (undefined: everything), then all that follows. */
  attach(sink: FrameSink, lastVersion: number | undefined): void {
    const patch = lastVersion === undefined ? undefined : this.#since(lastVersion)
    if (patch === undefined) sink.write(this.#putFrame())
    else if (patch !== 'nothing') sink.write(patchFrame(patch))
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
    this.#patches.push(patch)
    if (this.#patches.length > KEPT_PATCHES) this.#patches.shift()
    this.#broadcast(patchFrame(patch))
    return true
  }

  /** Takes a whole ruleset, if it is newer, and passes it on. */
  replace(ruleset: Ruleset): void {
    if (ruleset.version <= this.version) return
    this.#become(ruleset)
    this.#patches.length = 0
    this.#broadcast(this.#putFrame())
  }

  #become(ruleset: Ruleset): void {
    this.#ruleset = ruleset
    this.#snapshot = undefined
    this.#body = undefined
  }

  #broadcast(frame: Buffer): void {
    for (const sink of this.#sinks) sink.write(frame)
  }

  #putFrame(): Buffer {
    return sseFrame({ name: 'put', id: this.version, data: this.body.toString() })
  }

  /** All kept changes since `version` as one; undefined if they are not all kept, or the client is ahead of us. */
  #since(version: number): RulesetPatch | 'nothing' | undefined {
    if (version === this.version) return 'nothing'
    const first = this.#patches.findIndex(patch => patch.from === version)
    if (first < 0) return undefined
    const missed = this.#patches.slice(first)
    const units = missed.findLast(patch => patch.units !== undefined)?.units
    return {
      ...(units === undefined ? {} : { units }),
      from: version,
      to: this.version,
      flags: Object.assign({}, ...missed.map(patch => patch.flags)),
      segments: Object.assign({}, ...missed.map(patch => patch.segments)),
    }
  }
}

const patchFrame = (patch: RulesetPatch): Buffer =>
  sseFrame({ name: 'patch', id: patch.to, data: JSON.stringify(patch) })
