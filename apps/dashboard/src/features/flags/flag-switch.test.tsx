// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { renderWith, type SeenRequest } from '../../../test/render.ts'
import { SAMPLE_FLAGS, sampleConfig } from '../../../test/sample-flags.ts'
import { sampleForecast } from '../../../test/sample-forecast.ts'
import { FlagSwitch } from './flag-switch.tsx'

const [flag] = SAMPLE_FLAGS
if (flag === undefined) throw new Error('there are sample flags')
const config = sampleConfig(flag, 'production')
const place = { project: 'invoicing', flag: flag.key, environment: 'production' }
const forecast = sampleForecast({ config: { on: false } })

const answer = ({ path }: SeenRequest) =>
  path.endsWith('/forecast') ? { body: forecast } : { body: { flag, environment: 'production', version: 8 } }
const switched = (seen: readonly SeenRequest[]) => seen.filter(({ path }) => path.endsWith('/switch'))
const theSwitch = () => screen.getByRole('switch', { name: 'New PDF engine in production' })

it('asks first, with who loses it, and switches only then', async () => {
  const seen = renderWith(<FlagSwitch place={place} name={flag.name} config={config} />, answer)
  fireEvent.click(theSwitch())
  expect(await screen.findByText('Everybody gets off.')).toBeTruthy()
  expect(await screen.findByText(forecast.sentence)).toBeTruthy()
  expect(screen.getByText(/accounts and .* users lose it$/)).toBeTruthy()
  expect(seen).toMatchObject([{ method: 'POST', body: { on: false, rules: config.rules } }])
  fireEvent.click(screen.getByRole('button', { name: 'Switch off' }))
  await waitFor(() => expect(switched(seen)).toMatchObject([{ body: { on: false } }]))
})

it('changes nothing on Cancel', async () => {
  const seen = renderWith(<FlagSwitch place={place} name={flag.name} config={config} />, answer)
  fireEvent.click(theSwitch())
  fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }))
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Switch off' })).toBeNull())
  expect(switched(seen)).toEqual([])
})
