import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { hashDetails, hashEntry } from '../../kernel/journal.ts'
import { checkExport } from './check-export.ts'

interface Line {
  seq: number
  previous: string
  hash: string
  body: Record<string, unknown>
  details: Record<string, unknown> | null
  salt: string | null
  redaction: string | null
}

/** A journal as it is exported, newest first. */
function exported(count: number): Line[] {
  const lines: Line[] = []
  let previous = '0'.repeat(64)
  for (let seq = 1; seq <= count; seq++) {
    const [details, salt] = [{ after: { percent: seq, on: true } }, `salt-${seq}`]
    const body = {
      at: 1_800_000_000_000 + seq,
      who: { kind: 'person', id: 'anna', name: 'Anna' },
      verb: 'change',
      object: { kind: 'flag', key: `flag-${seq}` },
      details: hashDetails(salt, canonicalJson(details)),
    }
    const hash = hashEntry(previous, seq, canonicalJson(body))
    lines.unshift({ seq, previous, hash, body, details, salt, redaction: null })
    previous = hash
  }
  return lines
}

const text = (lines: readonly Line[]) => [...lines.map(line => JSON.stringify(line)), '']
const at = (lines: readonly Line[], seq: number): Line => {
  const found = lines.find(line => line.seq === seq)
  if (found === undefined) throw new Error(`no entry ${seq}`)
  return found
}

describe('an export of the whole journal', () => {
  it('is intact as it was written, whatever the order of lines and fields', () => {
    const lines = exported(5)
    const { hash } = at(lines, 5)
    expect(checkExport(text(lines))).toMatchObject({ intact: true, entries: 5, last: { seq: 5, hash } })
    const turned = lines.map(line => ({ ...line, body: Object.fromEntries(Object.entries(line.body).reverse()) }))
    expect(checkExport(text(turned.toReversed()), { anchor: { seq: 3, hash: at(lines, 3).hash } }).intact).toBe(true)
  })

  const cases: [string, string, number, (lines: Line[]) => Line[]][] = [
    [
      'a changed entry',
      'changed',
      2,
      lines => {
        at(lines, 2).body.verb = 'kill'
        return lines
      },
    ],
    [
      'changed details',
      'details-changed',
      4,
      lines => {
        at(lines, 4).details = { after: { percent: 1 } }
        return lines
      },
    ],
    [
      'details that were taken out',
      'details-missing',
      3,
      lines => {
        at(lines, 3).details = null
        return lines
      },
    ],
    [
      'details passed off as redacted',
      'details-missing',
      3,
      lines => {
        Object.assign(at(lines, 3), { details: null, salt: null, redaction: 'nobody' })
        return lines
      },
    ],
    ['a removed entry', 'missing', 3, lines => lines.filter(({ seq }) => seq !== 3)],
    ['a removed first entry', 'missing', 1, lines => lines.filter(({ seq }) => seq !== 1)],
    [
      'two entries in each other’s place',
      'inserted',
      2,
      lines => {
        const [two, three] = [at(lines, 2), at(lines, 3)]
        two.seq = 3
        three.seq = 2
        return lines
      },
    ],
    ['an entry that is there twice', 'missing', 3, lines => [...lines, at(lines, 2)]],
    [
      'an entry forged with a fitting hash',
      'inserted',
      3,
      lines => {
        const two = at(lines, 2)
        two.body.comment = 'never said'
        two.hash = hashEntry(two.previous, 2, canonicalJson(two.body))
        return lines
      },
    ],
  ]
  it.each(cases)('shows %s', (_what, kind, seq, tamper) => {
    expect(checkExport(text(tamper(exported(5))))).toMatchObject({ intact: false, problem: { kind, seq } })
  })

  it('shows a tail that was cut off, or that all was rewritten, against an end that was kept', () => {
    const lines = exported(5)
    const anchor = { seq: 5, hash: at(lines, 5).hash }
    const cut = lines.filter(({ seq }) => seq < 5)
    expect(checkExport(text(cut)).intact).toBe(true)
    expect(checkExport(text(cut), { anchor })).toMatchObject({ problem: { kind: 'cut-off', seq: 4 } })
    expect(checkExport(text(lines), { anchor: { seq: 4, hash: 'f'.repeat(64) } })).toMatchObject({
      problem: { kind: 'rewritten', seq: 4 },
    })
  })

  it('that is no export is refused, with the line', () => {
    expect(() => checkExport([...text(exported(1)).slice(0, 1), '{"seq":1}'])).toThrow('Line 2 is no entry')
    expect(() => checkExport(['not JSON'])).toThrow('Line 1 is no entry')
  })
})

describe('an export of a part', () => {
  const part = (lines: Line[]) => text(lines.filter(({ seq }) => [2, 3, 7].includes(seq)))

  it('is checked entry by entry, and where two follow each other', () => {
    expect(checkExport(part(exported(8)), { part: true })).toMatchObject({ intact: true, entries: 3 })
    expect(checkExport(part(exported(8)))).toMatchObject({ problem: { kind: 'missing', seq: 1 } })
    const changed = exported(8)
    at(changed, 7).body.verb = 'kill'
    expect(checkExport(part(changed), { part: true })).toMatchObject({ problem: { kind: 'changed', seq: 7 } })
    const torn = exported(8)
    at(torn, 3).previous = 'a'.repeat(64)
    expect(checkExport(part(torn), { part: true })).toMatchObject({ problem: { kind: 'inserted', seq: 3 } })
  })
})
