// @vitest-environment happy-dom
import type { KillAnswer, ReceiptSummary } from '@dimmer/protocol'
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { renderWith } from '../../../test/render.ts'
import { SAMPLE_FLAGS } from '../../../test/sample-flags.ts'
import { sampleForecast } from '../../../test/sample-forecast.ts'
import { KillButton } from './kill-button.tsx'
import { KillDialog } from './kill-dialog.tsx'

const place = { project: 'invoicing', flag: 'new-pdf-engine', environment: 'production' }
const [flag] = SAMPLE_FLAGS
if (flag === undefined) throw new Error('there are sample flags')

const receipts: ReceiptSummary = {
  environment: 'production',
  version: 8,
  instances: 142,
  confirmed: 142,
  slowestMs: 380,
  slowest: 'api-7f9',
  late: [],
  vanished: [],
  nodes: 1,
}
const answer = (change: Partial<ReceiptSummary> = {}): KillAnswer => ({
  flag,
  environment: 'production',
  version: 8,
  receipts: { ...receipts, ...change },
})

const dialog = <KillDialog place={place} flag={flag} sentences={['All lose it.']} opened onClose={() => undefined} />

describe('KillDialog', () => {
  it('asks first, saying what will happen', () => {
    const seen = renderWith(dialog, () => ({ body: answer() }))
    expect(screen.getByText('All lose it.')).toBeTruthy()
    expect(seen).toEqual([])
  })

  it('kills, waits for receipts and says how many took it and how fast', async () => {
    const seen = renderWith(dialog, () => ({ body: answer() }))
    fireEvent.click(screen.getByRole('button', { name: 'Kill it' }))
    expect(await screen.findByText('142 of 142 SDK instances took it in 380 ms.')).toBeTruthy()
    expect(screen.getByText('Slowest: api-7f9.')).toBeTruthy()
    expect(seen[0]).toMatchObject({
      method: 'POST',
      path: '/projects/invoicing/flags/new-pdf-engine/environments/production/kill?waitMs=2000',
    })
  })

  it('names who is late', async () => {
    renderWith(dialog, () => ({ body: answer({ confirmed: 140, late: ['api-03', 'worker-9'] }) }))
    fireEvent.click(screen.getByRole('button', { name: 'Kill it' }))
    expect(await screen.findByText('Not confirmed yet: api-03, worker-9.')).toBeTruthy()
  })

  it('shows why the server refused, and can try again', async () => {
    const error = { code: 'unavailable', message: 'The database cannot be reached.' }
    renderWith(dialog, () => ({ status: 503, body: { error } }))
    fireEvent.click(screen.getByRole('button', { name: 'Kill it' }))
    expect(await screen.findByText('The database cannot be reached.')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Kill it' })).toHaveProperty('disabled', false)
  })
})

describe('KillButton', () => {
  it('says who has it now and what else will happen', async () => {
    const forecast = sampleForecast({ config: { on: false } })
    const seen = renderWith(
      <KillButton place={place} flag={flag} consequences={['The running rollout pauses.']} />,
      ({ path }) => ({ body: path.endsWith('/forecast') ? forecast : answer() }),
    )
    fireEvent.click(screen.getByRole('button', { name: 'Kill' }))
    await waitFor(() => expect(screen.getByText('Now: 5 % of accounts.')).toBeTruthy())
    expect(screen.getByText('The running rollout pauses.')).toBeTruthy()
    expect(await screen.findByText(`${forecast.accounts.losses.count} accounts and`, { exact: false })).toBeTruthy()
    expect(seen[0]).toMatchObject({ method: 'POST', body: { on: false } })
  })
})
