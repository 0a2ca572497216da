import './app/no-compiling.ts'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { announceStyleNonce } from './app/style-nonce.ts'
import './app/global.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

announceStyleNonce()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
