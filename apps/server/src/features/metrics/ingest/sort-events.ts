import { type ErrorDetail, type EventBatch, type EventsAnswer, eventBatchSchema } from '@dimmer/protocol'
import type { SdkCaller } from '../../../http/caller.ts'
import { AppError } from '../../../kernel/errors.ts'

/** A batch without the events that are not taken, and which those are. */
export interface SortedEvents {
  readonly batch: EventBatch
  readonly refused: readonly ErrorDetail[]
}

const LISTS = ['exposures', 'firstExposures', 'tracks', 'identifies'] as const
/** Of more than these the answer gives the number only. */
const MOST_NAMED = 20

const isEmpty = (batch: EventBatch): boolean => LISTS.every(list => batch[list].length === 0)

function without(body: object, refused: readonly ErrorDetail[]): object {
  const paths = new Set(refused.map(({ path }) => path.split('.').slice(0, 2).join('.')))
  const kept = Object.entries(body).map(([list, events]) => [
    list,
    Array.isArray(events) ? events.filter((_, index) => !paths.has(`${list}.${index}`)) : events,
  ])
  return Object.fromEntries(kept)
}

/** Takes out the events for which a body is no valid batch. Undefined if it is none without them either, or empty. */
export function sortOut(body: unknown): SortedEvents | undefined {
  const issues = eventBatchSchema.safeParse(body).error?.issues ?? []
  const isEvent = ([list, index]: readonly PropertyKey[]) =>
    LISTS.some(name => name === list) && typeof index === 'number'
  if (typeof body !== 'object' || body === null || !issues.every(({ path }) => isEvent(path))) return undefined
  const refused = issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  const batch = eventBatchSchema.safeParse(without(body, refused)).data
  return batch === undefined || isEmpty(batch) ? undefined : { batch, refused }
}

/**
 * A browser key stands in public pages: whoever has it may not say who was served what, who somebody is, or what became
 * of units that they can't speak for. Throws if nothing of the batch may be believed.
 */
export function believe({ signed }: SdkCaller, batch: EventBatch, now: number): SortedEvents {
  if (signed === null) return { batch, refused: [] }
  const { exposures, firstExposures, identifies, tracks } = batch
  if (exposures.length + firstExposures.length + identifies.length > 0) {
    throw new AppError('forbidden', 'A browser key may only send tracks; exposures and identifies need a server key.')
  }
  const problems = tracks.map(track => signed.problemOf(track, now))
  const first = problems.find(problem => problem !== undefined)
  if (first === undefined) return { batch, refused: [] }
  const believed = tracks.filter((_, index) => problems[index] === undefined)
  if (believed.length === 0) throw first
  const refused = problems.flatMap((problem, index) =>
    problem === undefined ? [] : [{ path: `tracks.${index}`, message: problem.message }],
  )
  return { batch: { ...batch, tracks: believed }, refused }
}

/** The number of events that these name. */
const countOf = (refused: readonly ErrorDetail[]): number =>
  new Set(refused.map(({ path }) => path.split('.').slice(0, 2).join('.'))).size

/** The batch as it is stored: with the number of its events that were not taken. */
export function noteRefused({ batch, refused }: SortedEvents): EventBatch {
  return refused.length === 0 ? batch : { ...batch, refused: (batch.refused ?? 0) + countOf(refused) }
}

export function eventsAnswer(duplicate: boolean, refused: readonly ErrorDetail[]): EventsAnswer {
  if (refused.length === 0) return { accepted: true, duplicate }
  return {
    accepted: true,
    duplicate,
    refused: { count: countOf(refused), details: refused.slice(0, MOST_NAMED) },
  }
}
