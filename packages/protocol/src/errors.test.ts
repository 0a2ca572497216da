import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ERRORS } from './errors.ts'

const document = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')

/** The rows of the table: | `code` | status | meaning | what to do | */
const rows = document.split('\n').flatMap(line => {
  const [, code, status, meaning] = /^\| `([a-z-]+)` \| (\d+) \| (.+?) \| .+ \|$/.exec(line) ?? []
  return code === undefined ? [] : [{ code, status: Number(status), meaning }]
})

it('docs/errors.md names each code of the catalogue once, in its order, and no other', () => {
  expect(rows.map(({ code }) => code)).toEqual(Object.keys(ERRORS))
})

it('docs/errors.md gives the status and the meaning of the catalogue', () => {
  const documented = rows.map(({ code, status, meaning }) => [code, { status, meaning }])
  expect(Object.fromEntries(documented)).toEqual(ERRORS)
})

it('every line of the table was read', () => {
  const lines = document.split('\n').filter(line => line.startsWith('| `'))
  expect(rows).toHaveLength(lines.length)
})
