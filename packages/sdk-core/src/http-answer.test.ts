import { expect, it } from 'vitest'
import { answerKind, retryAfterMs } from './http-answer.ts'

it.each([
  [200, 'ok'],
  [204, 'ok'],
  [304, 'unchanged'],
  [302, 'failed'],
  [400, 'rejected'],
  [401, 'refused'],
  [403, 'refused'],
  [404, 'rejected'],
  [408, 'failed'],
  [429, 'failed'],
  [500, 'failed'],
  [503, 'failed'],
] as const)('takes %i for %s', (status, kind) => {
  expect(answerKind(status)).toBe(kind)
})

it('reads Retry-After in seconds, and no more than five minutes of it', () => {
  expect(['2', '0.5', '0', '-1', 'Wed, 21 Oct 2026 07:28:00 GMT', '86400'].map(retryAfterMs)).toEqual([
    2_000, 500, 0, 0, 0, 300_000,
  ])
  expect(retryAfterMs(null)).toBe(0)
})
