// @vitest-environment happy-dom
import { createMemoryHistory, createRootRoute, createRouter, RouterContextProvider } from '@tanstack/react-router'
import { fireEvent, screen, waitFor } from '@testing-library/react'
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
  expect(await screen.findByText('Others have to approve it')).toBeTruthy()
  expect(screen.getByText(/You wrote this plan. The plan is saved as a draft/)).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Start rollout' })).toBeNull()
  expect(seen.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual([
    '/projects/invoicing/rollouts',
    '/projects/invoicing/rollouts/r-9/start',
  ])
})

it('takes the stages of a template, changed or not, and says where one is wrong', { timeout: 20_000 }, async () => {
  const seen = renderWith(dialog, ({ method }) => ({ body: method === 'GET' ? [] : { ...RUNNING, id: 'r-9' } }))
  for (const field of screen.getAllByLabelText(/Event/)) fireEvent.change(field, { target: { value: 'pdf.generated' } })
  const template = screen.getByLabelText<HTMLSelectElement>('Stages')
  fireEvent.change(template, { target: { value: 'careful' } })
  expect(screen.getByLabelText<HTMLInputElement>('Percent of stage 1').value).toBe('1 %')
  fireEvent.change(screen.getByLabelText('Percent of stage 2'), { target: { value: '1 %' } })
  expect(template.value).toBe('own')
  fireEvent.click(screen.getByRole('button', { name: 'Save as draft' }))
  expect(screen.getAllByText(/1 % follows 1 %/).length).toBeGreaterThan(0)
  fireEvent.change(screen.getByLabelText('Percent of stage 2'), { target: { value: '10 %' } })
  fireEvent.click(screen.getByRole('button', { name: 'Save as draft' }))
  await waitFor(() => expect(seen.some(({ method }) => method === 'POST')).toBe(true))
  const sent = seen.find(({ method }) => method === 'POST')?.body
  expect(sent).toMatchObject({ stages: [1, 10, 25, 50, 100].map(percent => ({ percent, hold: 'P1D' })) })
})
