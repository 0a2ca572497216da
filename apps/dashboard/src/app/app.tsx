import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiProvider, createApi } from '../shared/api.tsx'
import { createQueryClient } from './query-client.ts'
import { createAppRouter } from './router.tsx'
import { SessionGate } from './session/session-gate.tsx'
import { keepToken, readToken } from './session/token.ts'
import { styleNonce } from './style-nonce.ts'
import { cssVariables, theme } from './theme.ts'

/** Everything that goes with one token, or with none. */
function Session({
  token,
  onToken,
}: {
  readonly token: string | undefined
  readonly onToken: (token: string) => void
}) {
  const [api] = useState(() => createApi(token))
  const [queries] = useState(() => createQueryClient())
  const [router] = useState(() => createAppRouter({ api: api.client, queries }))
  return (
    <QueryClientProvider client={queries}>
      <ApiProvider api={api}>
        <SessionGate onToken={onToken}>
          <RouterProvider router={router} />
        </SessionGate>
      </ApiProvider>
    </QueryClientProvider>
  )
}

/** Everything. */
export function App() {
  const [token, setToken] = useState(readToken)
  const signIn = (typed: string) => {
    keepToken(typed)
    setToken(typed)
  }
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <Notifications position="bottom-right" autoClose={4_000} />
      <Session key={token} token={token} onToken={signIn} />
    </MantineProvider>
  )
}
