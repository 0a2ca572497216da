import type { QueryKey } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useApi, useApiHeaders } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { coalesce } from './coalesce.ts'
import { openEventStream } from './event-stream.ts'
import { connectLive } from './live-connection.ts'
import { isPeriodic, touchedBy } from './live-events.ts'

const GATHER_MS = 20

interface Stale {
  readonly queryKey: QueryKey
  /** Whether a request that is under way must be made again. */
  readonly restart: boolean
}

/** Keeps everything on the page up to date with the project. False: the live stream is lost at the moment. */
export function useLive(project: string): boolean {
  const api = useApi()
  const headers = useApiHeaders()
  const queries = useQueryClient()
  const [live, setLive] = useState(true)

  useEffect(() => {
    let wasLost = false
    const refresh = coalesce<Stale>(
      all => {
        for (const { queryKey, restart } of all) {
          void queries.invalidateQueries({ queryKey }, { cancelRefetch: restart })
        }
      },
      task => setTimeout(task, GATHER_MS),
    )
    return connectLive({
      open: openEventStream(api.livePath(project), headers),
      onEvent: event => {
        for (const queryKey of touchedBy(project, event)) refresh({ queryKey, restart: !isPeriodic(event) })
      },
      onLive: now => {
        setLive(now)
        // Whatever happened while nobody listened.
        if (now && wasLost) refresh({ queryKey: queryKeys.project(project), restart: true })
        // The server ends the stream of those whose rights changed.
        if (!now) refresh({ queryKey: queryKeys.session, restart: true })
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
