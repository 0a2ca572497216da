import type { Attributes, Evaluation, FlagKey, Ruleset } from '@dimmer/engine'
import type { TrackOptions } from '@dimmer/sdk-core'
import type { Witness } from './evaluator.ts'
import { type Checked, checkIdentify, checkTrack } from './event-input.ts'
import { EventSender } from './event-sender.ts'
import { Exposures } from './exposures.ts'
import type { Settings } from './options.ts'
import { OnceKeys, type Report } from './problems.ts'
import type { SdkHttp } from './sdk-http.ts'
import { Units } from './unit-ids.ts'

const MAX_UNIT_IDS = 200_000

/** What the client tells the server about the app: exposures, tracks and identifies. */
export class Telemetry implements Witness {
  readonly #exposures: Exposures
  readonly #settings: Settings
  readonly #report: Report
  readonly #sender: EventSender
  readonly #said = new OnceKeys()
  #units = new Units({})

  constructor(settings: Settings, http: SdkHttp, report: Report) {
    const { platform } = settings
    this.#settings = settings
    this.#report = report
    this.#exposures = new Exposures({
      maxUnitIds: MAX_UNIT_IDS,
      now: platform.now,
      onFirst: exposure => this.#sender.addFirstExposure(exposure),
      onNew: evaluation => this.#warnOfMissingUnit(evaluation),
    })
    this.#sender = new EventSender({
      platform,
      http,
      takeCounts: () => this.#exposures.takeCounts(),
      report,
      intervalMs: settings.flushIntervalMs,
      timeoutMs: settings.connectTimeoutMs,
      capacity: settings.maxEvents,
    })
  }

  get waiting(): number {
    return this.#sender.waiting
  }

  useRuleset(ruleset: Ruleset): void {
    this.#units = new Units(ruleset.units, ruleset.privateAttributes)
    this.#exposures.useRuleset(ruleset)
  }

  served(evaluation: Evaluation, context: Attributes): void {
    this.#exposures.record(evaluation, context)
  }

  fellBack(flag: FlagKey, evaluation: Evaluation | undefined): void {
    if (evaluation !== undefined) this.#warnOfMissingUnit(evaluation)
    if (!this.#exposures.recordFallback(flag, evaluation?.flagVersion ?? 0)) this.#sender.noteDropped(1)
  }

  track(name: string, context: unknown, options: TrackOptions): void {
    const at = this.#settings.platform.now()
    const checked = checkTrack({ name, context, options, at }, this.#units)
    const track = this.#accepted(`track("${String(name).slice(0, 50)}")`, checked)
    if (track !== undefined) this.#sender.add({ track })
  }

  identify(context: unknown): void {
    const identify = this.#accepted('identify', checkIdentify(context, this.#settings.platform.now(), this.#units))
    if (identify !== undefined) this.#sender.add({ identify })
  }

  flush(): Promise<void> {
    return this.#sender.flush()
  }

  close(timeoutMs: number): Promise<void> {
    return this.#sender.close(timeoutMs)
  }

  #accepted<T>(what: string, checked: Checked<T>): T | undefined {
    if (!this.#sender.active) return undefined
    if ('wrong' in checked) {
      this.#sender.noteDropped(1)
      this.#warn('invalid-event', `${what} was dropped: ${checked.wrong}`)
      return undefined
    }
    for (const note of checked.notes) this.#warn('invalid-event', `${what}: ${note}`)
    return checked.event
  }

  #warnOfMissingUnit({ flagKey, missingUnit }: Evaluation): void {
    if (missingUnit === undefined) return
    this.#warn('missing-unit', `flag "${flagKey}" needs the unit "${missingUnit}", which the context doesn't have`)
  }

  #warn(code: 'invalid-event' | 'missing-unit', message: string): void {
    if (this.#said.isNew(message)) this.#report('warning', { code, message })
  }
}
