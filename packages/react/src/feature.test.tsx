// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react'
import type { ReactElement, ReactNode } from 'react'
import { afterEach, expect, it } from 'vitest'
import { PageServer } from '../test/page-server.ts'
import { DimmerProvider, Feature, useFeatureFlagDetails, useFlagsStatus } from './index.ts'

afterEach(cleanup)

const shows = (text: string): Promise<HTMLElement> => screen.findByText(text)

function open(server: PageServer, children: ReactNode): void {
  render(<DimmerProvider options={server.options}>{children}</DimmerProvider>)
}

it('shows a feature while its flag serves true, and the fallback otherwise', async () => {
  const server = new PageServer({ on: true })
  open(
    server,
    <Feature flag="on" fallback="old">
      new
    </Feature>,
  )
  expect(screen.getByText('old')).toBeTruthy()
  await shows('new')
  act(() => server.publish({ on: false }))
  await shows('old')
  act(() => server.publish({ on: 'true' }))
  await act(async () => undefined)
  expect(screen.getByText('old')).toBeTruthy()
})

it('shows a feature for the values that it matches', async () => {
  const server = new PageServer({ colour: 'lime', limit: 3 })
  open(
    server,
    <>
      <Feature flag="colour" match={['green', 'lime']}>
        greenish
      </Feature>
      <p>
        <Feature flag="limit" match={3}>
          three
        </Feature>
      </p>
      <Feature flag="unknown" match={3}>
        nothing
      </Feature>
    </>,
  )
  await shows('greenish')
  await shows('three')
  expect(screen.queryByText('nothing')).toBe(null)
})

function Why({ flag }: { readonly flag: string }): ReactElement {
  const { value, variant, reason, errorCode, version } = useFeatureFlagDetails(flag, 'blue')
  return <p>{[flag, value, variant, reason, errorCode, version].map(String).join(' ')}</p>
}

it('says why a value is served, or why not', async () => {
  const server = new PageServer({ colour: 'green', limit: 3 })
  open(
    server,
    <>
      <Why flag="colour" />
      <Why flag="limit" />
      <Why flag="unknown" />
    </>,
  )
  expect(screen.getByText('colour blue undefined undefined not-ready undefined')).toBeTruthy()
  await shows('colour green green STATIC undefined 1')
  await shows('limit blue 3 STATIC type-mismatch 1')
  await shows('unknown blue undefined undefined flag-not-found 1')
})

function Status({ renders }: { readonly renders: string[] }): ReactElement {
  const status = useFlagsStatus()
  renders.push(status)
  return <p>{status}</p>
}

it('draws again for a new status, and not for new values', async () => {
  const server = new PageServer({ colour: 'green' })
  const renders: string[] = []
  open(
    server,
    <>
      <Status renders={renders} />
      <Why flag="colour" />
    </>,
  )
  await shows('ready')
  act(() => server.publish({ colour: 'red' }))
  await shows('colour red red STATIC undefined 2')
  expect(renders).toEqual(['loading', 'ready'])
})
