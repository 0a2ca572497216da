import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromNotifications, toNotifications } from './notify-chunks.ts'

const text = fc.string({ unit: 'binary', maxLength: 20_000, size: 'max' })

function assemble(notifications: readonly string[]): string[] {
  const received: string[] = []
  const take = fromNotifications(whole => received.push(whole))
  for (const notification of notifications) take(notification)
  return received
}

describe('notifications', () => {
  it('give back any texts unchanged and in order, each in less than 8,000 bytes', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), texts => {
        const notifications = texts.flatMap(toNotifications)
        expect(notifications.every(notification => Buffer.byteLength(notification) < 8_000)).toBe(true)
        expect(assemble(notifications)).toEqual(texts)
      }),
      { numRuns: 50 },
    )
  })

  it('are all different within one text, so that PostgreSQL drops none as a duplicate', () => {
    const notifications = toNotifications('x'.repeat(100_000))
    expect(new Set(notifications).size).toBe(notifications.length)
    expect(notifications.length).toBeGreaterThan(10)
  })

  it('never cut a letter in two', () => {
    // Odd start, so that a cut at an even place would hit the middle of a pair.
    const message = `x${'😀'.repeat(10_000)}`
    const sent = toNotifications(message).map(notification => Buffer.from(notification, 'utf8').toString('utf8'))
    expect(assemble(sent)).toEqual([message])
  })

  it('are ignored when they are not ours or lack their beginning', () => {
    const [first = '', ...rest] = toNotifications('y'.repeat(20_000))
    expect(assemble(['hello', '', ...rest, first, ...toNotifications('after')])).toEqual(['after'])
  })
})
