import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Context, type SignOptions, signContext } from './index.ts'

interface Signing {
  readonly name: string
  readonly secret: string
  readonly context: Context
  readonly now: number
  readonly expiresInMs: number
  readonly signedContext: string
}
const { sign }: { readonly sign: readonly Signing[] } = JSON.parse(
  readFileSync(new URL('../../../spec/signed-contexts.json', import.meta.url), 'utf8'),
)
const SECRET = 'dmr_sign_of_the_tests'

it.each([...sign])('signs $name', ({ context, secret, now, expiresInMs, signedContext }) => {
  expect(signContext(context, secret, { now, expiresInMs })).toEqual({ ...context, signedContext })
})

it('gives what the page will get: JSON, without what is undefined, and with one signature only', () => {
  const first = signContext({ userId: 'u-7', plan: undefined }, SECRET, { now: 0 })
  expect(Object.keys(first)).toEqual(['userId', 'signedContext'])
  expect(signContext(first, SECRET, { now: 0 })).toEqual(first)
})

it('holds for a day unless told otherwise', () => {
  const { signedContext } = signContext({}, SECRET, { now: 1_764_500_000_999 })
  const [, payload = ''] = signedContext.split('.')
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({ context: {}, exp: 1_764_586_400 })
})

const wrong: readonly [string, unknown, string, SignOptions][] = [
  ['a context that is none', 'acc-1', SECRET, {}],
  ['a list', [], SECRET, {}],
  ['no secret', {}, '', {}],
  ['an SDK key for a secret', {}, 'dmr_server_1234', {}],
  ['no time', {}, SECRET, { expiresInMs: 0 }],
  ['more than 30 days', {}, SECRET, { expiresInMs: 31 * 86_400_000 }],
  ['a time that is none', {}, SECRET, { expiresInMs: Number.NaN }],
  ['a context that no request should carry', { name: 'x'.repeat(7_000) }, SECRET, {}],
]
it.each(wrong)('refuses %s, and shows no secret', (_name, context, secret, options) => {
  const sign = (): unknown => signContext(context as Context, secret, options)
  expect(sign).toThrow(TypeError)
  expect(sign).not.toThrow(/dmr_sign_of|dmr_server/)
})
