import { expect, it } from 'vitest'
import { isInstalled } from './install.mjs'

const lock = {
  packages: {
    '': { version: '1.0.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a-darwin': { version: '1.0.0', integrity: 'sha512-d', optional: true },
    'packages/engine': { version: '0.1.0' },
  },
}
const { '': _, 'node_modules/a-darwin': __, ...present } = lock.packages

it('takes packages for installed when all are there in their version, but for those of other machines', () => {
  expect(isInstalled(lock, { packages: present })).toBe(true)
})

it.each([
  ['a package is missing', { 'packages/engine': { version: '0.1.0' } }],
  ['a version differs', { ...present, 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
  ['the contents differ', { ...present, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } }],
  ['an optional package is of another version', { ...present, 'node_modules/a-darwin': { version: '0.9.0' } }],
])('wants an install when %s', (_name, packages) => {
  expect(isInstalled(lock, { packages })).toBe(false)
})
