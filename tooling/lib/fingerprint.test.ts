import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { unlessFresh } from './fingerprint.mjs'

let folder = ''
let builds: boolean[] = []

const target = () => ({ stamp: join(folder, 'stamp'), inputs: [join(folder, 'src')], outputs: [join(folder, 'out')] })
const build = (): Promise<void> =>
  unlessFresh(target(), async outputsMissing => {
    builds.push(outputsMissing)
    writeFileSync(join(folder, 'out'), 'built')
  })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fingerprint-'))
  mkdirSync(join(folder, 'src', 'inner'), { recursive: true })
  writeFileSync(join(folder, 'src', 'inner', 'a.ts'), 'one')
  builds = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('builds once and then leaves it', async () => {
  await build()
  await build()
  expect(builds).toEqual([true])
})

it('builds again when a file has changed, come or gone', async () => {
  await build()
  writeFileSync(join(folder, 'src', 'inner', 'a.ts'), 'two')
  await build()
  writeFileSync(join(folder, 'src', 'b.ts'), '')
  await build()
  rmSync(join(folder, 'src', 'b.ts'))
  await build()
  expect(builds).toEqual([true, false, false, false])
})

it('does not care about tests, outputs and installed packages', async () => {
  await build()
  writeFileSync(join(folder, 'src', 'a.test.ts'), 'x')
  for (const name of ['dist', 'node_modules']) {
    mkdirSync(join(folder, 'src', name))
    writeFileSync(join(folder, 'src', name, 'x.js'), 'x')
  }
  await build()
  expect(builds).toEqual([true])
})

it('builds again, and says so, when the output is gone', async () => {
  await build()
  rmSync(join(folder, 'out'))
  await build()
  expect(builds).toEqual([true, true])
})

it('does not take a failed build for done, also when the inputs are put back', async () => {
  await build()
  writeFileSync(join(folder, 'src', 'inner', 'a.ts'), 'broken')
  const failing = unlessFresh(target(), async () => {
    throw new Error('does not compile')
  })
  await expect(failing).rejects.toThrow('does not compile')
  writeFileSync(join(folder, 'src', 'inner', 'a.ts'), 'one')
  await build()
  expect(builds).toEqual([true, false])
})
