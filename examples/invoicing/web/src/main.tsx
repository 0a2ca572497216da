import { DimmerProvider } from '@dimmer/react'
import { type ReactElement, StrictMode, useCallback, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { loadConfig } from './product-api.ts'
import './styles.css'
import { useLoaded } from './use-loaded.ts'

const userInAddress = () => new URLSearchParams(location.search).get('user') ?? undefined

function Page(): ReactElement {
  const [userId, setUserId] = useState(userInAddress)
  const load = useCallback(() => loadConfig(userId), [userId])
  const loaded = useLoaded(load)
  const pick = (next: string) => {
    history.replaceState(null, '', `?user=${encodeURIComponent(next)}`)
    setUserId(next)
  }
  if (loaded.state === 'loading') return <p className="hint">Loading</p>
  if (loaded.state === 'failed') return <p className="note failed">{loaded.message}</p>
  const { dimmer, context, bootstrap, user } = loaded.data
  // One provider per user, because the values that come with the page are this user's.
  return (
    <DimmerProvider key={user.id} options={{ url: dimmer.url, clientKey: dimmer.key, context, bootstrap }}>
      <App config={loaded.data} onPick={pick} />
    </DimmerProvider>
  )
}

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  )
}
