import type { AdminClient, PreviewSegment } from '@dimmer/protocol'
import { queryOptions } from '@tanstack/react-query'
import { queryKeys } from '../../shared/query-keys.ts'

export const segmentQuery = (api: AdminClient, project: string, segment: string) =>
  queryOptions({
    queryKey: [...queryKeys.segments(project), segment],
    queryFn: () => api.getSegment(project, segment),
  })

/** `parts` that hold long lists are told apart by `mark`, not by a million ids. */
export const membersQuery = (
  api: AdminClient,
  place: { readonly project: string; readonly segment: string },
  draft: { readonly parts: PreviewSegment; readonly mark: unknown },
) =>
  queryOptions({
    queryKey: [...queryKeys.segments(place.project), place.segment, 'members', draft.mark],
    queryFn: () => api.segmentMembers(place.project, place.segment, draft.parts),
    staleTime: 5_000,
  })

const AT_ONCE = 100_000

/** All ids of a list, page by page. */
export async function allIds(
  api: AdminClient,
  place: { readonly project: string; readonly segment: string },
  of: 'list' | 'exclude',
): Promise<readonly string[]> {
  const all: string[] = []
  for (;;) {
    const part = await api.listSegmentIds(place.project, place.segment, { of, offset: all.length, limit: AT_ONCE })
    for (const id of part.ids) all.push(id)
    if (part.ids.length < AT_ONCE) return all
  }
}
