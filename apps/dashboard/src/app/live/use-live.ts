import type { QueryKey } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useApi, useApiHeaders } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { coalesce } from './coalesce.ts'
import { openEventStream } from './event-stream.ts'
import { connectLive } from './live-connection.ts'
import { touchedBy } from './live-events.ts'

const GATHER_MS = 60

/** Keeps everything on the page up to date with the project. False: the live stream is lost at the moment. */
export function useLive(project: string): boolean {
  const api = useApi()
  const headers = useApiHeaders()
  const queries = useQueryClient()
  const [live, setLive] = useState(true)

  useEffect(() => {
    let wasLost = false
    const refresh = coalesce<QueryKey>(
      stale => {
        for (const queryKey of stale) void queries.invalidateQueries({ queryKey })
      },
      task => setTimeout(task, GATHER_MS),
    )
    return connectLive({
      open: openEventStream(api.livePath(project), headers),
      onEvent: event => touchedBy(project, event).forEach(refresh),
      onLive: now => {
        setLive(now)
        // Whatever happened while nobody listened.
        if (now && wasLost) refresh(queryKeys.project(project))
        wasLost = !now
      },
      after: (ms, task) => {
        const timer = setTimeout(task, ms)
        return () => clearTimeout(timer)
      },
    })
  }, [api, headers, project, queries])

  return live
}
