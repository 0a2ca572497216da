import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkArchitecture, describeViolation } from './check-architecture.mjs'
import { listeningSlices, packageArrows, serverLayers, slices } from './rules.mjs'

const made: string[] = []

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const manifest = (name: string) =>
  JSON.stringify({ name, exports: { '.': { source: './src/index.ts', default: './dist/index.js' } } })

/** A small repository with every workspace and an empty door in each, plus the given files. */
function repository(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'check-arch-'))
  made.push(root)
  const workspaces = Object.keys(packageArrows).map(pattern => pattern.replace('*', 'shop'))
  const base = workspaces.flatMap(home => [
    [`${home}/package.json`, manifest(`@dimmer/${home.split('/').at(-1)}`)],
    [`${home}/src/index.ts`, 'export {}'],
  ])
  for (const [path, text] of [...base, ...Object.entries(files)]) {
    if (path === undefined || text === undefined) continue
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

const findings = (files: Readonly<Record<string, string>>) =>
  checkArchitecture(repository(files)).violations.map(({ rule, file, line }) => `${rule} ${file}:${line}`)

const server = 'apps/server/src'
const slice = (name: string, file = 'index.ts') => `${server}/features/${name}/${file}`

describe('a tree that keeps the rules', () => {
  it('passes', () => {
    const root = repository({
      'packages/rollout/src/decide.ts': `
        import { evaluate } from '@dimmer/engine'
        export const yearOf = (at: number) => new Date(at).getUTCFullYear()
        export function run(fetch: () => number, options: { process: string }) { return fetch() + options.process.length }
        export type Fetch = typeof globalThis.fetch
        export const use = evaluate`,
      'packages/node/src/client.ts': `
        import type { EventBatch } from '@dimmer/protocol'
        import { readFileSync } from 'node:fs'
        export const now = (): number => Date.now()
        export type B = EventBatch
        export const read = readFileSync`,
      'packages/engine/src/x.test.ts': `
        import fc from 'fast-check'
        import { evaluate } from '@dimmer/engine'
        import cases from '../../../spec/cases.json'
        Math.random(); process.env.SEED; export { fc, evaluate, cases }`,
      [`${server}/config.ts`]: `export const port = process.env.PORT; export type Config = { port: string }`,
      [`${server}/kernel/ids.ts`]: `export const id = 1`,
      [`${server}/ports/clock.ts`]: `import { id } from '../kernel/ids.ts'; export { id }`,
      [`${server}/http/guard.ts`]: `import type { Config } from '../config.ts'; export type C = Config`,
      [`${server}/adapters/clock.ts`]: `import { id } from '../ports/clock.ts'; export const clock = id`,
      [`${server}/composition.ts`]: `import { clock } from './adapters/clock.ts'; export { clock }`,
      [`${server}/app.ts`]: `export * from './features/flags/index.ts'; export * from './features/audit/index.ts'`,
      [slice('flags')]: `export * from './flag-rules.ts'; export type { Project } from '../projects/index.ts'`,
      [slice('flags', 'flag-rules.ts')]: `export const rule = 1`,
      [slice('flags', 'flags.test.ts')]: `import { clock } from '../../adapters/clock.ts'; export { clock }`,
      [slice('projects')]: `export interface Project { readonly key: string }`,
      [slice('audit')]: `import { rule } from '../flags/index.ts'; export { rule as audited }`,
      'examples/shop/src/main.ts': `
        import { createClient } from '@dimmer/node'
        import type { Flag } from '@dimmer/engine'
        createClient(process.env.KEY); export type F = Flag`,
    })
    expect(checkArchitecture(root).violations.map(describeViolation)).toEqual([])
  })
})

describe('arrows between packages', () => {
  it.each([
    ['packages/engine', '@dimmer/stats'],
    ['packages/stats', '@dimmer/engine'],
    ['packages/rollout', '@dimmer/protocol'],
    ['packages/protocol', '@dimmer/stats'],
    ['packages/node', '@dimmer/rollout'],
    ['packages/browser', '@dimmer/engine'],
    ['packages/react', '@dimmer/protocol'],
    ['apps/server', '@dimmer/browser'],
    ['apps/dashboard', '@dimmer/server'],
    ['apps/dashboard', '@dimmer/browser'],
    ['examples/shop', '@dimmer/server'],
    ['apps/server', '@dimmer/shop'],
    ['packages/node', '@dimmer/bench'],
    ['tooling', '@dimmer/server'],
  ])('refuses %s -> %s, in types too', (home, target) => {
    const path = `${home}/src/a.ts`
    expect(findings({ [path]: `import type { X } from '${target}'\nexport type Y = X` })).toEqual([
      `package-arrows ${path}:1`,
    ])
  })

  it.each([
    ['an import', `import { x } from '@dimmer/protocol'`],
    ['an import of types that still loads the module', `import { type X } from '@dimmer/protocol'`],
    ['a re-export', `export { x } from '@dimmer/protocol'`],
    ['a star re-export', `export * from '@dimmer/protocol'`],
    ['a dynamic import', `const x = import('@dimmer/protocol')`],
    ['import =', `import x = require('@dimmer/protocol')`],
  ])('refuses %s where only types may be imported', (_, text) => {
    expect(findings({ 'packages/node/src/a.ts': `\n${text}` })).toEqual(['package-arrows packages/node/src/a.ts:2'])
  })

  it('sees an import inside a type', () => {
    expect(findings({ 'packages/stats/src/a.ts': `export type X = import('@dimmer/engine').X` })).toEqual([
      'package-arrows packages/stats/src/a.ts:1',
    ])
  })

  it('refuses a package that imports itself by name', () => {
    expect(findings({ 'packages/node/src/a.ts': `import { x } from '@dimmer/node'` })).toEqual([
      'package-arrows packages/node/src/a.ts:1',
    ])
  })

  it('refuses a workspace that nobody has given arrows', () => {
    expect(findings({ 'packages/new/src/a.ts': 'export {}' })).toEqual(['package-arrows packages/new/src/a.ts:1'])
  })

  it.each([
    ['a path inside another package', `import { x } from '@dimmer/engine/src/model.ts'`],
    ['a relative path to another package', `import { x } from '../../engine/src/model.ts'`],
  ])('refuses %s, in tests too', (_, text) => {
    for (const path of ['packages/rollout/src/a.ts', 'packages/rollout/src/a.test.ts']) {
      expect(findings({ [path]: text, 'packages/engine/src/model.ts': 'export const x = 1' })).toEqual([
        `deep-import ${path}:1`,
      ])
    }
  })

  it('lets tests share helpers across packages, and nobody else', () => {
    const text = `import { x } from '../../node/test/helper.ts'`
    const helper = { 'packages/node/test/helper.ts': 'export const x = 1' }
    expect(findings({ ...helper, 'packages/react/src/a.test.ts': text })).toEqual([])
    expect(findings({ ...helper, 'packages/react/src/a.ts': text })).toEqual(['deep-import packages/react/src/a.ts:1'])
  })

  it('refuses product code that imports a test helper', () => {
    const files = { 'packages/node/test/helper.ts': 'export const x = 1' }
    expect(findings({ ...files, 'packages/node/src/a.ts': `import { x } from '../test/helper.ts'` })).toEqual([
      'test-helpers packages/node/src/a.ts:1',
    ])
  })
})

describe('slices of the server', () => {
  const doors = Object.fromEntries(slices.map(name => [slice(name), 'export {}']))
  /** One file per slice, which imports the doors of other slices, one a line. */
  const importing = (others: (position: number) => readonly string[]) =>
    Object.fromEntries(
      slices.map((name, i) => [
        slice(name, 'a.ts'),
        others(i)
          .map(other => `import '../${other}/index.ts'`)
          .join('\n'),
      ]),
    )

  it('may import those to their right, but for the ones that only listen', () => {
    const rightwards = importing(position => slices.slice(position + 1).filter(name => !listeningSlices.includes(name)))
    expect(findings({ ...doors, ...rightwards })).toEqual([])
    const files = { ...doors, [slice('comms', 'a.ts')]: `import '../audit/index.ts'` }
    expect(findings(files)).toEqual([`slice-order ${slice('comms', 'a.ts')}:1`])
  })

  it('may never import one to their left', () => {
    const leftwards = importing(position => slices.slice(0, position))
    const everyLine = slices.flatMap((name, i) =>
      Array.from({ length: i }, (_, line) => `slice-order ${slice(name, 'a.ts')}:${line + 1}`),
    )
    expect(findings({ ...doors, ...leftwards }).sort()).toEqual(everyLine.sort())
  })

  it('are entered only through their index.ts, also by the files that wire them', () => {
    const inner = { [slice('projects', 'project-store.ts')]: 'export {}' }
    const fromSlice = { [slice('flags', 'a.ts')]: `import '../projects/project-store.ts'` }
    const fromApp = { [`${server}/app.ts`]: `import './features/projects/project-store.ts'` }
    expect(findings({ ...inner, ...fromSlice })).toEqual([`slice-door ${slice('flags', 'a.ts')}:1`])
    expect(findings({ ...inner, ...fromApp })).toEqual([`slice-door ${server}/app.ts:1`])
  })

  it('have a known name', () => {
    expect(findings({ [slice('pricing')]: 'export {}' })).toEqual([`server-layers ${slice('pricing')}:1`])
  })
})

describe('layers of the server', () => {
  const layers = Object.keys(serverLayers).filter(layer => layer !== 'adapters')

  it('keep to the table', () => {
    const target = (layer: string) => `${layer}/${layer === 'features' ? 'flags/index.ts' : 'b.ts'}`
    for (const from of layers) {
      const path = `${server}/${from === 'features' ? 'features/hygiene' : from}/a.ts`
      const up = from === 'features' ? '../..' : '..'
      for (const to of layers.filter(layer => layer !== from)) {
        const files = { [path]: `import '${up}/${target(to)}'`, [`${server}/${target(to)}`]: 'export {}' }
        const allowed = serverLayers[from]?.folders.includes(to)
        expect(findings(files), `${from} -> ${to}`).toEqual(allowed ? [] : [`server-layers ${path}:1`])
      }
    }
  })

  it.each([
    'kernel/a.ts',
    'ports/a.ts',
    'http/a.ts',
    'features/flags/a.ts',
    'migrations/a.ts',
    'app.ts',
    'main.ts',
    'config.ts',
  ])('lets nobody but composition.ts import adapters: not %s', file => {
    const path = `${server}/${file}`
    const up = file.includes('/') ? '../'.repeat(file.split('/').length - 1) : './'
    expect(findings({ [path]: `import '${up}adapters/pg.ts'`, [`${server}/adapters/pg.ts`]: 'export {}' })).toEqual([
      `adapters ${path}:1`,
    ])
  })

  it('lets no folder import the composition', () => {
    const path = slice('flags', 'a.ts')
    expect(findings({ [path]: `import '../../composition.ts'`, [`${server}/composition.ts`]: 'export {}' })).toEqual([
      `server-layers ${path}:1`,
    ])
  })

  it('shows http only the types of config.ts', () => {
    const files = { [`${server}/config.ts`]: 'export const port = 1' }
    expect(findings({ ...files, [`${server}/http/a.ts`]: `import { port } from '../config.ts'` })).toEqual([
      `server-layers ${server}/http/a.ts:1`,
    ])
  })

  it('are the only folders', () => {
    expect(findings({ [`${server}/utils/a.ts`]: 'export {}' })).toEqual([`server-layers ${server}/utils/a.ts:1`])
  })
})

describe('the environment', () => {
  it.each([
    ['process.env', 'export const a = process.env.A'],
    ["process['env']", "export const a = process['env'].A"],
    ['a destructured process', 'const { env } = process\nexport { env }'],
    ['env of node:process', "import { env } from 'node:process'\nexport { env }"],
    ['an imported process', "import process from 'node:process'; export const a = process.env.A"],
  ])('is not read through %s outside the few files that may', (_, text) => {
    for (const path of [
      'packages/node/src/a.ts',
      `${server}/main.ts`,
      'apps/dashboard/src/a.ts',
      'examples/shop/src/a.ts',
    ]) {
      expect(findings({ [path]: text })).toEqual([`environment ${path}:1`])
    }
  })
})

describe('pure packages', () => {
  it.each([
    ['Date.now()', 'export const a = Date.now()'],
    ['Date.now as a value', 'export const a = (now = Date.now) => now()'],
    ['new Date()', 'export const a = new Date()'],
    ['Date()', 'export const a = Date()'],
    ['Math.random()', 'export const a = Math.random()'],
    ['performance', 'export const a = performance.now()'],
    ['process', 'export const a = process.version'],
    ['process.env', 'export const a = process.env.A'],
    ['setTimeout', 'setTimeout(() => {}, 1)'],
    ['fetch', "export const a = fetch('x')"],
    ['fetch in shorthand', 'export const a = { fetch }'],
    ['console', "console.log('x')"],
    ['globalThis', "export const a = globalThis['fetch']"],
    ['a Node builtin', "import { readFileSync } from 'node:fs'; export { readFileSync }"],
    ['types of a Node builtin', "import type { Stats } from 'fs'; export type S = Stats"],
    ['an npm package', "import { z } from 'zod'; export { z }"],
  ])('use no %s', (_, text) => {
    for (const home of ['engine', 'stats', 'rollout']) {
      const path = `packages/${home}/src/a.ts`
      expect(findings({ [path]: text })).toEqual([`pure ${path}:1`])
    }
  })
})

describe('cycles', () => {
  it('are refused, types included, with the way around', () => {
    const root = repository({
      'packages/node/src/a.ts': `\nimport { b } from './b.ts'\nexport const a = b`,
      'packages/node/src/b.ts': `import type { C } from './c.ts'\nexport const b: C = 1`,
      'packages/node/src/c.ts': `export type C = import('./a.ts').A | 1`,
      'packages/node/src/entry.ts': `export { a } from './a.ts'`,
    })
    const around = ['a.ts', 'b.ts', 'c.ts', 'a.ts'].map(file => `packages/node/src/${file}`).join(' -> ')
    expect(checkArchitecture(root).violations).toEqual([
      {
        file: 'packages/node/src/a.ts',
        line: 2,
        rule: 'cycle',
        found: `imports itself: ${around}`,
        allowed: expect.any(String),
      },
    ])
  })

  it('are seen through package names and folders', () => {
    const files = {
      'packages/rollout/src/index.ts': `export * from './a.ts'`,
      'packages/rollout/src/a.ts': `export * from '@dimmer/engine'`,
      'packages/engine/src/index.ts': `export * from '@dimmer/rollout'`,
    }
    expect(findings(files)).toEqual([
      'package-arrows packages/engine/src/index.ts:1',
      'cycle packages/engine/src/index.ts:1',
    ])
  })

  it('are found when a file imports itself', () => {
    expect(findings({ 'packages/node/src/a.ts': `export * from './a.ts'` })).toEqual(['cycle packages/node/src/a.ts:1'])
  })
})

describe('a message', () => {
  it('says where, what, which rule and what is allowed', () => {
    const root = repository({ 'packages/rollout/src/a.ts': `\n\nimport '@dimmer/server'` })
    expect(checkArchitecture(root).violations.map(describeViolation)).toEqual([
      'packages/rollout/src/a.ts:3  imports @dimmer/server\n' +
        '  [package-arrows] packages/rollout may import packages/engine, packages/stats',
    ])
  })
})

describe('this repository', () => {
  it('keeps the rules', () => {
    const { files, violations } = checkArchitecture(dirname(dirname(import.meta.dirname)))
    expect(violations.map(describeViolation)).toEqual([])
    expect(files).toBeGreaterThan(50)
  }, 60_000)
})
