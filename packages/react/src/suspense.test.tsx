// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react'
import { type ReactElement, StrictMode, Suspense, useEffect } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import { PageServer } from '../test/page-server.ts'
import { DimmerProvider, useFeatureFlag } from './index.ts'

const mounts = vi.fn()
const renders: string[] = []

afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  mounts.mockClear()
  renders.length = 0
})

function Colour(): ReactElement {
  const { value, status } = useFeatureFlag('colour', 'blue')
  useEffect(mounts, [])
  renders.push(value)
  return <p>{`${value} ${status}`}</p>
}

function page(server: PageServer, accountId = 'acc-1'): ReactElement {
  return (
    <DimmerProvider options={{ ...server.options, context: { accountId } }} suspense={<i>wait</i>}>
      <Colour />
    </DimmerProvider>
  )
}

const shows = (text: string): Promise<HTMLElement> => screen.findByText(text)

it('waits for the first values, and never draws a fallback before them', async () => {
  const server = new PageServer({ colour: 'green' })
  render(<StrictMode>{page(server)}</StrictMode>)
  expect(screen.getByText('wait')).toBeTruthy()
  await shows('green ready')
  expect(new Set(renders)).toEqual(new Set(['green']))
  expect(server.openStreams).toBe(1)
})

it('never waits again: not for another context, and not where something new is drawn meanwhile', async () => {
  const server = new PageServer({ colour: 'green' })
  const { rerender } = render(page(server))
  await shows('green ready')
  server.hold()
  rerender(page(server, 'acc-2'))
  await shows('green loading')
  rerender(
    <DimmerProvider options={{ ...server.options, context: { accountId: 'acc-2' } }} suspense={<i>wait</i>}>
      <Colour />
      <div>
        <Colour />
      </div>
    </DimmerProvider>,
  )
  expect(screen.getAllByText('green loading').length).toBe(2)
  expect(screen.queryByText('wait')).toBe(null)
  expect(mounts).toHaveBeenCalledTimes(2)
})

it('waits inside of a boundary of the page too', async () => {
  const server = new PageServer({ colour: 'green' })
  render(
    <Suspense fallback="outer">
      <DimmerProvider options={server.options} suspense={<i>wait</i>}>
        <h1>Invoices</h1>
        <Suspense fallback="inner">
          <Colour />
        </Suspense>
      </DimmerProvider>
    </Suspense>,
  )
  expect(screen.getByText('inner')).toBeTruthy()
  expect(screen.getByText('Invoices')).toBeTruthy()
  await shows('green ready')
})

it('draws the fallback when the server is away', async () => {
  const server = new PageServer({})
  server.down = true
  render(page(server))
  await shows('blue error')
})

it('draws the fallback when there is no answer for 5 s', async () => {
  vi.useFakeTimers()
  const server = new PageServer({})
  server.hold()
  render(page(server))
  await act(() => vi.advanceTimersByTimeAsync(4_999))
  expect(screen.getByText('wait')).toBeTruthy()
  await act(() => vi.advanceTimersByTimeAsync(1))
  expect(screen.getByText('blue loading')).toBeTruthy()
})

it('does not wait with values that came with the page', async () => {
  const server = new PageServer({ colour: 'green' })
  render(
    <DimmerProvider options={server.options} bootstrap={{ colour: 'green' }} suspense={<i>wait</i>}>
      <Colour />
    </DimmerProvider>,
  )
  expect(renders).toEqual(['green'])
  await vi.waitFor(() => expect(server.requests).toBe(1))
  expect(new Set(renders)).toEqual(new Set(['green']))
})

it('does not wait on a server, whose page stays until the values are there', async () => {
  const server = new PageServer({ colour: 'green' })
  const html = await onServer(() => renderToString(page(server)))
  expect(html).toContain('<p>blue loading</p>')
  const container = document.createElement('div')
  container.innerHTML = html
  document.body.append(container)
  const complaints = vi.fn()
  const root = await act(async () => hydrateRoot(container, page(server), { onRecoverableError: complaints }))
  await shows('green ready')
  expect(complaints).not.toHaveBeenCalled()
  act(() => root.unmount())
  container.remove()
})

/** Runs this without a document, as on a server. */
async function onServer<T>(run: () => T): Promise<T> {
  vi.stubGlobal('document', undefined)
  const result = run()
  vi.unstubAllGlobals()
  return result
}
