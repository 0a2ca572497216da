import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { makeStreamToken, readStreamToken } from './stream-token.ts'

const MINUTE_MS = 60_000
const NOON = Date.UTC(2026, 5, 1, 12)
const KEY = { keyId: '3f0c6f0e-0000-4000-8000-000000000001', text: 'dmr_browser_of-the-tests' }
const hashOf = (text: string) => createHash('sha256').update(text).digest()
const isGood = (token: string, now: number, text = KEY.text) =>
  readStreamToken(token, now)?.isSignedWith(hashOf(text)) === true

it('is good for ten minutes at the least and twenty at the most', () => {
  for (let made = NOON; made < NOON + 10 * MINUTE_MS; made += MINUTE_MS) {
    const token = makeStreamToken(KEY, made)
    expect(isGood(token, made)).toBe(true)
    expect(isGood(token, made + 10 * MINUTE_MS)).toBe(true)
    expect(isGood(token, made + 20 * MINUTE_MS)).toBe(false)
  }
})

it('is the same for a while, and does not have the key or its hash in it', () => {
  const token = makeStreamToken(KEY, NOON)
  expect(makeStreamToken(KEY, NOON + 9 * MINUTE_MS)).toBe(token)
  expect(makeStreamToken(KEY, NOON + 10 * MINUTE_MS)).not.toBe(token)
  expect(token).not.toContain(KEY.text)
  expect(token).not.toContain(hashOf(KEY.text).toString('base64url'))
})

it('is good for its key only, and as it was made', () => {
  const token = makeStreamToken(KEY, NOON)
  expect(readStreamToken(token, NOON)?.keyId).toBe(KEY.keyId)
  expect(isGood(token, NOON, 'dmr_browser_another')).toBe(false)
  expect(isGood(token.replace('0001', '0002'), NOON)).toBe(false)
  const [, period = ''] = /^dmr_stream_(\w+?)_/.exec(token) ?? []
  const later = (Number.parseInt(period, 36) + 1).toString(36)
  expect(isGood(token.replace(period, later), NOON)).toBe(false)
  for (const text of ['', 'dmr_stream_', `${token}\n`, token.slice(1), token.replace(period, 'zzzzzzzzzz')]) {
    expect(readStreamToken(text, NOON)?.isSignedWith(hashOf(KEY.text))).not.toBe(true)
  }
})

it('made by a node whose clock is a little ahead is good; one of next hour is not', () => {
  expect(isGood(makeStreamToken(KEY, NOON + 5 * MINUTE_MS), NOON - 5 * MINUTE_MS)).toBe(true)
  expect(isGood(makeStreamToken(KEY, NOON + 60 * MINUTE_MS), NOON)).toBe(false)
})
