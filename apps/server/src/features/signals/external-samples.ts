import { type ExternalMetric, parseDuration, type Sample } from '@dimmer/rollout'
import type { Db } from '../../kernel/database.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Clock } from '../../ports/clock.ts'
import { type NumberSource, type OpenNumberSource, SourceError } from '../../ports/number-source.ts'
import { type ConnectionRow, noteHealth, selectConnections } from '../connections/index.ts'
import { insertSample, lastSampleAt, selectSamples } from './external-samples-store.ts'

/** A guardrail that is judged on numbers from outside. */
export interface ExternalSubject {
  readonly environmentId: string
  readonly rolloutId: string
  readonly guardrailId: string
  readonly metric: ExternalMetric
  /** Where the windows begin, epoch ms. */
  readonly since: number
  /** Keys of the variants: the rollout's, and what the others get. */
  readonly variants: { readonly treated: string; readonly control: string }
}

interface ExternalDeps {
  readonly db: Db
  readonly clock: Clock
  readonly sealer: Sealer | undefined
  readonly openSource: OpenNumberSource
}

/** A window is asked about this long after its end: by then its last values have been scraped. */
const SETTLE_MS = 15_000
/** After a problem it is not asked again for so long. */
const PATIENCE_MS = 30_000
/** So many windows are caught up with in one look: a look must not take minutes. */
const MOST_WINDOWS = 20

/** PromQL with its placeholders filled in for one group. */
function queryFor(query: string, group: 'treated' | 'control', variant: string): string {
  const quoted = variant.replace(/[\\"'`]/g, '\\$&')
  return query.replaceAll(/\{\{\s*group\s*\}\}/g, group).replaceAll(/\{\{\s*variant\s*\}\}/g, () => quoted)
}

/** Reads external metrics window by window and keeps the numbers, so that every look sees the same ones. */
export class ExternalSamples {
  readonly #deps: ExternalDeps
  readonly #waiting = new Map<string, number>()

  constructor(deps: ExternalDeps) {
    this.#deps = deps
  }

  /** All samples so far, after reading the windows that are complete by now. */
  async upToNow(subject: ExternalSubject): Promise<readonly Sample[]> {
    const { db, clock } = this.#deps
    const { rolloutId, guardrailId } = subject
    const key = `${rolloutId}\n${guardrailId}`
    if ((this.#waiting.get(key) ?? 0) <= clock.now()) {
      const went = await this.#readNew(subject)
      if (went) this.#waiting.delete(key)
      else this.#waiting.set(key, clock.now() + PATIENCE_MS)
    }
    return selectSamples(db, rolloutId, guardrailId)
  }

  /** False: there was a problem, which is noted at the connection. */
  async #readNew(subject: ExternalSubject): Promise<boolean> {
    const { db, clock } = this.#deps
    const width = parseDuration(subject.metric.every) ?? 0
    const ends = await this.#windowEnds(subject, width)
    if (ends.length === 0) return true
    const row = (await selectConnections(db, subject.environmentId)).find(({ kind }) => kind === 'prometheus')
    if (row === undefined) return false
    let passed = 0
    try {
      const source = this.#open(row)
      for (const at of ends) {
        await this.#keep(source, subject, at)
        passed++
      }
      return true
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      await noteHealth(db, row.id, { at: new Date(clock.now()), refused: 1, problem: error.message })
      return false
    } finally {
      if (passed > 0) await noteHealth(db, row.id, { at: new Date(clock.now()), passed })
    }
  }

  async #windowEnds({ rolloutId, guardrailId, since }: ExternalSubject, width: number): Promise<readonly number[]> {
    if (width <= 0) return []
    const { db, clock } = this.#deps
    const last = (await lastSampleAt(db, rolloutId, guardrailId)) ?? since
    const complete = Math.floor((clock.now() - SETTLE_MS - last) / width)
    return Array.from(
      { length: Math.min(MOST_WINDOWS, Math.max(0, complete)) },
      (_, index) => last + (index + 1) * width,
    )
  }

  #open(row: ConnectionRow): NumberSource {
    const { sealer, openSource } = this.#deps
    const url = 'url' in row.settings ? row.settings.url : ''
    if (row.secret === null) return openSource({ url })
    if (sealer === undefined) {
      throw new SourceError('Its token cannot be read without DIMMER_SECRET_KEY.', { passing: false })
    }
    return openSource({ url, token: sealer.open(row.secret, row.id) })
  }

  async #keep(source: NumberSource, subject: ExternalSubject, at: number): Promise<void> {
    const { rolloutId, guardrailId, metric, variants } = subject
    const [treated, control] = await Promise.all([
      source.numberAt(queryFor(metric.query, 'treated', variants.treated), at),
      source.numberAt(queryFor(metric.query, 'control', variants.control), at),
    ])
    await insertSample(this.#deps.db, {
      rollout_id: rolloutId,
      guardrail_id: guardrailId,
      at: new Date(at),
      treated: treated ?? null,
      control: control ?? null,
    })
  }
}
