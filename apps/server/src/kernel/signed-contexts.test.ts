import { readFileSync } from 'node:fs'
import type { Context } from '@dimmer/engine'
import { signContext } from '@dimmer/node'
import type { ErrorCode, Track } from '@dimmer/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AppError } from './errors.ts'
import { SignedContexts } from './signed-contexts.ts'

interface Spec {
  readonly now: number
  readonly secrets: readonly string[]
  readonly required: readonly string[]
  readonly cases: readonly {
    readonly name: string
    readonly context: Context
    readonly expect: { readonly context: Context } | { readonly error: ErrorCode }
  }[]
}
const spec: Spec = JSON.parse(readFileSync(new URL('../../../../spec/signed-contexts.json', import.meta.url), 'utf8'))
const { now } = spec
const [secret = ''] = spec.secrets

const contexts = (required: readonly string[], units: Readonly<Record<string, string>> = {}) =>
  new SignedContexts({
    required: [...required],
    units: { ...units },
    secrets: spec.secrets.map((text, index) => ({ id: String(index), secret: text })),
  })

const outcome = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    if (error instanceof AppError) return { error: error.code }
    throw error
  }
}

it.each(spec.cases)('$name', ({ context, expect: expected }) => {
  expect(outcome(() => ({ context: contexts(spec.required).admit(context, now) }))).toEqual(expected)
})

it('says what is wrong, and never anything of a secret', () => {
  const said = spec.cases.flatMap(({ context }) => {
    try {
      contexts(spec.required).admit(context, now)
      return []
    } catch (error) {
      return [String(error)]
    }
  })
  expect(said.length).toBeGreaterThan(20)
  for (const message of said) expect(message).not.toContain('dmr_sign_')
})

it('whatever is signed comes out as it went in, and no change of one letter does', () => {
  const key = fc.string({ minLength: 1, maxLength: 8 }).filter(name => name !== 'signedContext' && name !== '__proto__')
  const context = fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
  fc.assert(
    fc.property(context, fc.nat(), fc.nat(63), (signed, place, letter) => {
      const sent = signContext(signed, secret, { now })
      const { signedContext, ...rest } = sent
      expect(contexts(spec.required).admit(sent, now)).toEqual(rest)
      const at = place % signedContext.length
      const other = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.charAt(letter)
      const changed = signedContext.slice(0, at) + other + signedContext.slice(at + 1)
      fc.pre(changed !== signedContext)
      expect(outcome(() => contexts([]).admit({ signedContext: changed }, now))).toEqual({ error: 'signature-invalid' })
    }),
    { numRuns: 200 },
  )
})

const track = (units: Track['units'], signed?: Context, expiresInMs = 60_000): Track => ({
  name: 'pdf.generated',
  at: now,
  units,
  ...(signed && { signedContext: signContext(signed, secret, { now, expiresInMs }).signedContext }),
})
const admitted = (one: Track, required = ['accountId', 'workspace.id'], at = now): unknown =>
  outcome(() => {
    const problem = contexts(required, { workspace: 'workspace.id', device: 'deviceId' }).problemOf(one, at)
    if (problem !== undefined) throw problem
  })

it('takes tracks for the units that were signed, and for those that need no signature', () => {
  expect(admitted(track({ account: 'acc-1' }, { accountId: 'acc-1' }))).toBeUndefined()
  expect(admitted(track({ device: '7', workspace: 'w' }, { deviceId: 7, workspace: { id: 'w' } }))).toBeUndefined()
  expect(admitted(track({ device: 'd-1', unknown: 'x' }))).toBeUndefined()
  expect(admitted(track({ account: 'acc-1' }), [])).toBeUndefined()
})

it('refuses tracks for units that somebody else is, or that were not signed', () => {
  expect(admitted(track({ account: 'acc-2' }, { accountId: 'acc-1' }))).toEqual({ error: 'signature-invalid' })
  expect(admitted(track({ device: 'd-2' }, { deviceId: 'd-1' }), [])).toEqual({ error: 'signature-invalid' })
  expect(admitted(track({ account: 'acc-1' }))).toEqual({ error: 'signature-required' })
  expect(admitted(track({ workspace: 'w' }, { accountId: 'acc-1' }))).toEqual({ error: 'signature-required' })
})

it('takes tracks that waited in a page, up to an hour after the signature has run out', () => {
  const one = track({ account: 'acc-1' }, { accountId: 'acc-1' }, 60_000)
  const lastMoment = now + 60_000 + 60_000 + 3_600_000
  expect(admitted(one, undefined, lastMoment - 1)).toBeUndefined()
  expect(admitted(one, undefined, lastMoment)).toEqual({ error: 'signature-expired' })
})

it('tells which secret has signed', () => {
  const used: string[] = []
  const rules = { required: [], units: {}, secrets: [{ id: 'new', secret }] }
  new SignedContexts(rules, id => used.push(id)).admit(signContext({ userId: 'u-7' }, secret, { now }), now)
  expect(used).toEqual(['new'])
})
