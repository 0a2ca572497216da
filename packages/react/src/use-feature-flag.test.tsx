// @vitest-environment happy-dom
import { createBrowserClient } from '@dimmer/browser'
import { act, cleanup, render, screen } from '@testing-library/react'
import { type ReactElement, type ReactNode, StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, it, vi } from 'vitest'
import { PageServer } from '../test/page-server.ts'
import { DimmerProvider, useDimmer, useFeatureFlag } from './index.ts'

afterEach(cleanup)

const renders: string[] = []

function Colour(): ReactElement {
  const { value, loading, status } = useFeatureFlag('colour', 'blue')
  const text = `${value} ${status}${loading ? ', loading' : ''}`
  renders.push(text)
  return <p>{text}</p>
}

function Witness({ seen }: { readonly seen: unknown[] }): ReactNode {
  seen.push(useDimmer())
  return null
}

const shows = (text: string): Promise<HTMLElement> => screen.findByText(text)

it('says that it is loading, and then shows the value', async () => {
  const server = new PageServer({ colour: 'green' })
  render(
    <DimmerProvider options={server.options}>
      <Colour />
    </DimmerProvider>,
  )
  expect(screen.getByText('blue loading, loading')).toBeTruthy()
  await shows('green ready')
})

it('shows a new value without a reload', async () => {
  const server = new PageServer({ colour: 'green' })
  render(
    <DimmerProvider options={server.options}>
      <Colour />
    </DimmerProvider>,
  )
  await shows('green ready')
  act(() => server.publish({ colour: 'red' }))
  await shows('red ready')
})

it('shows the values that came with the page in the very first render', async () => {
  const server = new PageServer({ colour: 'green' })
  renders.length = 0
  render(
    <DimmerProvider options={{ ...server.options, bootstrap: { colour: 'green' } }}>
      <Colour />
    </DimmerProvider>,
  )
  expect(renders).toEqual(['green ready'])
  await vi.waitFor(() => expect(server.requests).toBe(1))
  expect(new Set(renders)).toEqual(new Set(['green ready']))
})

it('shows the fallback when the server is away, and does not load for ever', async () => {
  const server = new PageServer({ colour: 'green' })
  server.down = true
  render(
    <DimmerProvider options={server.options}>
      <Colour />
    </DimmerProvider>,
  )
  await shows('blue error')
})

it('shows the fallback for a value of another type', async () => {
  const server = new PageServer({ colour: 7 })
  render(
    <DimmerProvider options={server.options}>
      <Colour />
    </DimmerProvider>,
  )
  await shows('blue ready')
})

it('asks for the values of a new context, but not for an equal one', async () => {
  const server = new PageServer({})
  server.values = context => ({ colour: `of ${String(context.accountId)}` })
  const page = (accountId: string): ReactElement => (
    <DimmerProvider options={{ ...server.options, context: { accountId } }}>
      <Colour />
    </DimmerProvider>
  )
  const { rerender } = render(page('acc-1'))
  await shows('of acc-1 ready')
  rerender(page('acc-1'))
  expect(server.requests).toBe(1)
  rerender(page('acc-2'))
  expect(screen.getByText('of acc-1 loading, loading')).toBeTruthy()
  await shows('of acc-2 ready')
  expect(server.requests).toBe(2)
})

it('has one stream in strict mode, and none after unmounting', async () => {
  const server = new PageServer({ colour: 'green' })
  const { unmount } = render(
    <StrictMode>
      <DimmerProvider options={server.options}>
        <Colour />
      </DimmerProvider>
    </StrictMode>,
  )
  await shows('green ready')
  expect(server.openStreams).toBe(1)
  unmount()
  expect(server.openStreams).toBe(0)
})

it('uses a client of the app, and leaves it open', async () => {
  const server = new PageServer({ colour: 'green' })
  const client = createBrowserClient(server.options)
  const { unmount } = render(
    <DimmerProvider client={client}>
      <Colour />
    </DimmerProvider>,
  )
  await shows('green ready')
  unmount()
  expect(server.openStreams).toBe(1)
  client.close()
})

it('gives the client to components', () => {
  const server = new PageServer({})
  const client = createBrowserClient(server.options)
  const seen: unknown[] = []
  render(
    <DimmerProvider client={client}>
      <Witness seen={seen} />
    </DimmerProvider>,
  )
  expect(seen).toEqual([client])
  client.close()
})

it('says what is missing outside of a provider', () => {
  const silence = vi.spyOn(console, 'error').mockReturnValue()
  expect(() => render(<Colour />)).toThrow('<DimmerProvider>')
  silence.mockRestore()
})

it('is hydrated with what the server rendered, and only then shows newer values', async () => {
  const server = new PageServer({ colour: 'red' })
  const page = (
    <DimmerProvider options={{ ...server.options, bootstrap: { colour: 'green' } }}>
      <Colour />
    </DimmerProvider>
  )
  const html = renderToString(page)
  expect(html).toBe('<p>green ready</p>')
  expect([server.requests, server.streams.length]).toEqual([0, 0])
  const container = document.createElement('div')
  container.innerHTML = html
  document.body.append(container)
  const mismatches = vi.fn()
  renders.length = 0
  const root = await act(async () => hydrateRoot(container, page, { onRecoverableError: mismatches }))
  await shows('red ready')
  expect(renders[0]).toBe('green ready')
  expect(mismatches).not.toHaveBeenCalled()
  act(() => root.unmount())
  container.remove()
})
