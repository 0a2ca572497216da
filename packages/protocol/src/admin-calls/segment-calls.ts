import { enc, query, type Send } from '../admin-sender.ts'
import type { ChangeForecast } from '../approval-messages.ts'
import type {
  PatchSegment,
  PreviewSegment,
  PutSegment,
  SegmentIds,
  SegmentIdsQuery,
  SegmentMembers,
  SegmentView,
} from '../segment-messages.ts'

export const segmentAddress = (project: string, segment: string): string =>
  `/projects/${enc(project)}/segments/${enc(segment)}`

export const segmentCalls = (send: Send) => {
  const at = segmentAddress
  return {
    listSegments: (project: string) => send<readonly SegmentView[]>('GET', `/projects/${enc(project)}/segments`),
    putSegment: (project: string, segment: string, parts: PutSegment) =>
      send<SegmentView>('PUT', at(project, segment), parts),
    getSegment: (project: string, segment: string) => send<SegmentView>('GET', at(project, segment)),
    /** Changes what is named and keeps the rest. */
    patchSegment: (project: string, segment: string, parts: PatchSegment) =>
      send<SegmentView>('PATCH', at(project, segment), parts),
    deleteSegment: (project: string, segment: string) => send<void>('DELETE', at(project, segment)),
    /** Part of a segment's list, in its order. */
    listSegmentIds: (project: string, segment: string, part: SegmentIdsQuery = {}) =>
      send<SegmentIds>('GET', `${at(project, segment)}/ids${query({ ...part })}`),
    /** Who of the directory is in it, or would be if these parts were other ones. */
    segmentMembers: (project: string, segment: string, parts: PreviewSegment = {}) =>
      send<SegmentMembers>('POST', `${at(project, segment)}/members`, parts),
    /** What these parts would change for whom, flag by flag. */
    forecastSegment: (project: string, segment: string, parts: PreviewSegment) =>
      send<ChangeForecast>('POST', `${at(project, segment)}/forecast`, parts),
  }
}
