import type { LiveEvent } from '@dimmer/protocol'
import type { QueryKey } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

const KINDS: ReadonlySet<string> = new Set<LiveEvent['type']>([
  'flag-changed',
  'receipts',
  'rollout-changed',
  'looked',
  'targeting-changed',
  'change-request-changed',
])

const isLiveEvent = (value: unknown): value is LiveEvent =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  typeof value.type === 'string' &&
  KINDS.has(value.type)

/** Reads one message of the live stream; undefined for what a newer server may say and this page does not know. */
export function parseLiveEvent(data: string): LiveEvent | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return isLiveEvent(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * Whether the same comes again soon by itself. Then a request that is under way is left to finish: if looks come
 * faster than an answer, restarting it each time would never show one.
 */
export const isPeriodic = (event: LiveEvent): boolean => event.type === 'looked'

/** Which answers an event makes stale. */
export function touchedBy(project: string, event: LiveEvent): readonly QueryKey[] {
  switch (event.type) {
    case 'flag-changed':
      return [
        queryKeys.flags(project),
        queryKeys.environment(project, event.environment),
        queryKeys.stale(project),
        queryKeys.projects,
      ]
    case 'receipts':
      return [queryKeys.environment(project, event.environment)]
    case 'rollout-changed':
      return [queryKeys.rollouts(project), queryKeys.flags(project), queryKeys.metrics(project)]
    case 'targeting-changed':
      return [
        queryKeys.projects,
        queryKeys.segments(project),
        queryKeys.flags(project),
        queryKeys.environment(project, event.environment),
      ]
    case 'change-request-changed':
      return [queryKeys.changeRequests(project)]
    case 'looked':
      return [queryKeys.rollout(project, event.rollout)]
  }
}
