import { describe, expect, it } from 'vitest'
import { ensureDebianPackages, isInstalled } from './apt.mjs'

describe('ensureDebianPackages', () => {
  it('leaves the machine alone when every program is there', () => {
    expect(ensureDebianPackages([{ binary: 'node', package: 'no-such-package' }])).toEqual([])
  })

  it('tells a program that is there from one that is not', () => {
    expect(isInstalled('node')).toBe(true)
    expect(isInstalled('no-such-program')).toBe(false)
  })
})
