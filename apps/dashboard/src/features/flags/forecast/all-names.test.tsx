// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { renderWith } from '../../../../test/render.ts'
import { SAMPLE_FLAGS, sampleConfig } from '../../../../test/sample-flags.ts'
import { settable } from '../flag-config.ts'
import { AllNames } from './all-names.tsx'
import { namesAsCsv } from './names-csv.ts'

const place = { project: 'invoicing', flag: 'new-pdf-engine', environment: 'production' }
const [flag] = SAMPLE_FLAGS
if (flag === undefined) throw new Error('there are sample flags')
const config = settable(sampleConfig(flag, 'production'))

it('shows the rest of a group on request, from where the names ended', async () => {
  const group = { count: 3, names: [{ id: 'acc-1' }, { id: 'acc-2' }] }
  const seen = renderWith(
    <AllNames place={place} config={config} at={undefined} of="losses" unit="account" group={group} />,
    () => ({
      body: { names: [{ id: 'acc-3', name: 'Acme' }], more: false },
    }),
  )
  expect(screen.getByText('and 1 more')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Show more' }))
  expect(await screen.findByText('acc-3')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull()
  expect(seen).toEqual([
    {
      method: 'POST',
      path: '/projects/invoicing/flags/new-pdf-engine/environments/production/forecast/names?of=losses&unit=account&offset=2&limit=500',
      body: config,
    },
  ])
})

it('makes CSV that a spreadsheet reads as text', () => {
  const names = [{ id: 'acc-1', name: 'Smith, "Jo"' }, { id: 'acc-2' }, { id: '=1+1', name: '+49' }]
  expect(namesAsCsv('account', names)).toBe(
    ['account,name', 'acc-1,"Smith, ""Jo"""', 'acc-2,', "'=1+1,'+49"].join('\n'),
  )
})
