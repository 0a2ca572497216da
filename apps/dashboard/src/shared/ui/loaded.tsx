import { Skeleton, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { ErrorAlert } from './error-alert.tsx'

interface Props<T> {
  /** A query, or what is used of one. */
  readonly query: {
    readonly data: T | undefined
    readonly error: Error | null
    readonly refetch: () => unknown
  }
  /** How many lines to hint at while loading. */
  readonly lines?: number
  readonly lineHeight?: number
  readonly children: (data: T) => ReactNode
}

/** Shows what was loaded; grey lines until then; the error if it cannot be had. */
export function Loaded<T>({ query, lines = 3, lineHeight = 56, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null) {
    return <ErrorAlert error={query.error} title="This cannot be shown" onRetry={() => query.refetch()} />
  }
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => `line ${line}`).map(line => (
        <Skeleton key={line} height={lineHeight} />
      ))}
    </Stack>
  )
}
