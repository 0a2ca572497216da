import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type SseEvent, SseParser } from './sse-parser.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const parse = (...chunks: readonly (string | Uint8Array)[]): SseEvent[] => {
  const parser = new SseParser()
  return chunks.flatMap(chunk => parser.push(typeof chunk === 'string' ? bytes(chunk) : chunk))
}

it('reads name, data and id', () => {
  expect(parse('id: 7\nevent: put\ndata: {"a":1}\n\n')).toEqual([{ event: 'put', data: '{"a":1}', id: '7' }])
})

it('joins the lines of data, and takes off one blank only', () => {
  expect(parse('data: one\ndata:two\ndata:  three\ndata\n\n')).toEqual([
    { event: 'message', data: 'one\ntwo\n three\n', id: '' },
  ])
})

it('keeps the id for later events, but not the name', () => {
  expect(parse('id: 1\nevent: a\ndata: x\n\ndata: y\n\nid\ndata: z\n\n')).toEqual([
    { event: 'a', data: 'x', id: '1' },
    { event: 'message', data: 'y', id: '1' },
    { event: 'message', data: 'z', id: '' },
  ])
})

it('gives nothing for comments, for events without data, and for what is not complete', () => {
  expect(parse(': heartbeat\n\nevent: a\n\ndata: half', ' and half\n')).toEqual([])
  expect(parse('event: a\n\ndata: x\n\n')).toEqual([{ event: 'message', data: 'x', id: '' }])
})

it('ignores unknown fields, and ids with a NUL', () => {
  expect(parse('retry: 5\nfoo: bar\nid: 1\nid: 2\0\ndata: x\n\n')).toEqual([{ event: 'message', data: 'x', id: '1' }])
})

it('skips a byte order mark, even one that is cut in two', () => {
  expect(parse(Uint8Array.of(0xef, 0xbb), Uint8Array.of(0xbf), 'data: x\n\n')).toEqual([
    { event: 'message', data: 'x', id: '' },
  ])
})

it('does not take a CR and an LF in two chunks for two line ends', () => {
  expect(parse('data: a\r', '\ndata: b\r', '\n\r', '\n')).toEqual([{ event: 'message', data: 'a\nb', id: '' }])
  expect(parse('data: a\r', '\r', 'data: b\r', '\r')).toEqual([
    { event: 'message', data: 'a', id: '' },
    { event: 'message', data: 'b', id: '' },
  ])
})

const texts = fc.string({ unit: 'grapheme', maxLength: 20 }).map(text => text.replace(/[\r\n]/g, ''))
const events = fc.array(
  fc.record({ event: texts, lines: fc.array(texts, { minLength: 1, maxLength: 3 }), comment: texts }),
)
const lineEnds = fc.constantFrom('\n', '\r\n', '\r')

it('gives the same events however the bytes are cut', () => {
  fc.assert(
    fc.property(events, lineEnds, fc.array(fc.nat()), (list, end, cuts) => {
      const text = list
        .map(({ event, lines, comment }) =>
          [`:${comment}`, `event: ${event}`, ...lines.map(line => `data: ${line}`), '', ''].join(end),
        )
        .join('')
      const whole = bytes(text)
      const at = [0, ...cuts.map(cut => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length]
      const chunks = at.slice(1).map((to, index) => whole.slice(at[index], to))
      expect(parse(...chunks)).toEqual(
        list.map(({ event, lines }) => ({ event: event || 'message', data: lines.join('\n'), id: '' })),
      )
    }),
  )
})
