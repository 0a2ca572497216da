import type { EventBatch, ExposureCount, FirstExposure, Identify, Track } from '@dimmer/protocol'
import type { Batch } from '@dimmer/sdk-core'

/** Something to tell the server: exactly one of these. */
export interface SdkEvent {
  readonly exposure?: ExposureCount
  readonly firstExposure?: FirstExposure
  readonly track?: Track
  readonly identify?: Identify
}

/** A batch as the server takes it. */
export function toWire({ batchId, events, dropped }: Batch<SdkEvent>, sentAt: number): EventBatch {
  return {
    batchId,
    sentAt,
    dropped,
    exposures: events.flatMap(({ exposure }) => exposure ?? []),
    firstExposures: events.flatMap(({ firstExposure }) => firstExposure ?? []),
    tracks: events.flatMap(({ track }) => track ?? []),
    identifies: events.flatMap(({ identify }) => identify ?? []),
  }
}

/** Drops the newest track; false when there is none. What happened often matters less than who was served what. */
export function dropNewestTrack(events: SdkEvent[]): boolean {
  const newest = events.findLastIndex(({ track }) => track !== undefined)
  if (newest >= 0) events.splice(newest, 1)
  return newest >= 0
}
