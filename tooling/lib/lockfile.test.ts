import { expect, it } from 'vitest'
import { completed, gaps } from './lockfile.mjs'

const linux = {
  version: '2.0.0',
  integrity: 'sha512-x',
  license: 'MIT',
  dev: true,
  optional: true,
  engines: { node: '>=20' },
}
const lock = {
  lockfileVersion: 3,
  packages: {
    '': {},
    'node_modules/tool': {
      version: '2.0.0',
      optionalDependencies: { '@t/tool-linux-x64': '2.0.0', '@t/tool-darwin-arm64': '2.0.0' },
    },
    'node_modules/@t/tool-linux-x64': linux,
    'apps/a/node_modules/tool': {
      version: '1.0.0',
      optionalDependencies: { '@t/tool-linux-arm64-musl': '1.0.0', '@t/tool-linux-x64': '2.0.0' },
    },
  },
}

it('finds the platform packages that npm left out, where Node would look for them', () => {
  expect(gaps(lock).map(({ path }) => path)).toEqual([
    'node_modules/@t/tool-darwin-arm64',
    'node_modules/@t/tool-linux-arm64-musl',
  ])
})

it('fills them in like their siblings, for the machine that their name says, in order', () => {
  const { packages } = completed(lock)
  expect(Object.keys(packages)).toEqual([
    '',
    'apps/a/node_modules/tool',
    'node_modules/@t/tool-darwin-arm64',
    'node_modules/@t/tool-linux-arm64-musl',
    'node_modules/@t/tool-linux-x64',
    'node_modules/tool',
  ])
  expect(JSON.parse(JSON.stringify(packages['node_modules/@t/tool-linux-arm64-musl']))).toEqual({
    version: '1.0.0',
    os: ['linux'],
    cpu: ['arm64'],
    libc: ['musl'],
    dev: true,
    optional: true,
    license: 'MIT',
    engines: { node: '>=20' },
  })
})

it('leaves a complete lockfile as it is', () => {
  const full = completed(lock)
  expect(gaps(full)).toEqual([])
  expect(completed(full)).toEqual(full)
})

it('refuses to guess what the name does not say', () => {
  const odd = { packages: { 'node_modules/tool': { optionalDependencies: { extras: '1.0.0' } } } }
  expect(() => completed(odd)).toThrow('the name extras does not say')
})
