import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { sessionQuery } from '../../features/access/index.ts'
import { useApi } from '../../shared/api.tsx'
import { SignIn } from './sign-in.tsx'
import { Welcome } from './welcome.tsx'

interface Props {
  readonly onToken: (token: string) => void
  readonly children: ReactNode
}

/** The pages, for those who are in; else the way in. */
export function SessionGate({ onToken, children }: Props) {
  const queries = useQueryClient()
  const { data: session } = useQuery(sessionQuery(useApi()))
  const isWelcome = window.location.pathname === '/welcome'
  if (session === undefined) return isWelcome ? null : children
  if (isWelcome) return <Welcome session={session} />
  if (session.via !== null) return children
  return <SignIn session={session} onToken={onToken} onDone={() => void queries.resetQueries()} />
}
