// @vitest-environment happy-dom
import { createMemoryHistory, createRootRoute, createRouter, RouterContextProvider } from '@tanstack/react-router'
import { fireEvent, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { renderWith } from '../../../../test/render.ts'
import { SAMPLE_FLAGS } from '../../../../test/sample-flags.ts'
import { RUNNING } from '../../../../test/sample-rollout.ts'
import { StartRolloutDialog } from './start-rollout-dialog.tsx'

const place = { project: 'invoicing', flag: 'new-pdf-engine', environment: 'production' }
const flag = SAMPLE_FLAGS.find(({ key }) => key === place.flag)
const config = flag?.environments.find(({ environment }) => environment === place.environment)
if (flag === undefined || config === undefined) throw new Error('the sample has this flag')

const router = createRouter({ routeTree: createRootRoute(), history: createMemoryHistory() })
const dialog = (
  <RouterContextProvider router={router}>
    <StartRolloutDialog
      opened
      place={place}
      flag={flag}
      config={config}
      onClose={() => undefined}
      onStarted={() => undefined}
    />
  </RouterContextProvider>
)

it('keeps the plan as one draft when somebody else has to start it, and says so', { timeout: 20_000 }, async () => {
  const error = { code: 'approval-needed', message: 'You wrote this plan.' }
  const seen = renderWith(dialog, ({ method, path }) => {
    if (path.endsWith('/start')) return { status: 409, body: { error } }
    return { body: method === 'GET' ? [] : { ...RUNNING, id: 'r-9' } }
  })
  for (const field of screen.getAllByLabelText(/Event/)) fireEvent.change(field, { target: { value: 'pdf.generated' } })
  fireEvent.click(screen.getByRole('button', { name: 'Start rollout' }))
  expect(await screen.findByText('Somebody else has to start it')).toBeTruthy()
  expect(screen.getByText(/You wrote this plan. The plan is saved as a draft/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Start rollout' })).toBeNull()
  expect(seen.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual([
    '/projects/invoicing/rollouts',
    '/projects/invoicing/rollouts/r-9/start',
  ])
})
