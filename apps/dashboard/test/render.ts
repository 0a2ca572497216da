import type { SessionView } from '@dimmer/protocol'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render } from '@testing-library/react'
import { createElement, type ReactElement } from 'react'
import { afterEach, vi } from 'vitest'
import { ApiProvider, createApi } from '../src/shared/api.tsx'
import { queryKeys } from '../src/shared/query-keys.ts'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

/** A request that a component made. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly body: unknown
}

type Answer = { readonly status?: number; readonly body: unknown }

/** On this machine, before there are accounts: everything is allowed. */
const LOCAL_SESSION: SessionView = {
  via: 'local',
  person: null,
  projects: {},
  manages: true,
  signIn: { password: true, sso: null, token: false, fresh: true },
}

/**
 * Puts a component on the page, with the real API client on an HTTP that `answer` plays. Gives back what was asked.
 */
export function renderWith(element: ReactElement, answer: (request: SeenRequest) => Answer): readonly SeenRequest[] {
  const seen: SeenRequest[] = []
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
    const request = { method: init?.method ?? 'GET', path: url.replace(/^\/api\/v1/, ''), body }
    seen.push(request)
    const { status = 200, body: answered } = answer(request)
    return new Response(JSON.stringify(answered), { status })
  })
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } })
  queries.setQueryData(queryKeys.session, LOCAL_SESSION)
  const withApi = createElement(ApiProvider, { api: createApi(undefined) }, element)
  const withQueries = createElement(QueryClientProvider, { client: queries }, withApi)
  render(createElement(MantineProvider, { env: 'test' }, withQueries))
  return seen
}
