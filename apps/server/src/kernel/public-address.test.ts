import { describe, expect, it } from 'vitest'
import { isAllowance, isAllowed, isPublicAddress } from './public-address.ts'

describe('a public address', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:4700::1111', '::ffff:8.8.8.8', '2a00:1450::1'])('is %s', address => {
    expect(isPublicAddress(address)).toBe(true)
  })

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '192.0.0.192',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.7',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'fec0::1',
    'ff02::1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    '100::1',
    '4000::1',
    'localhost',
    '',
  ])('is not %s', address => {
    expect(isPublicAddress(address)).toBe(false)
  })
})

describe('what is allowed beyond', () => {
  it('are addresses, ranges and names, whatever way they are written', () => {
    const allowed = ['10.1.0.0/16', '192.168.7.7', 'Tickets.internal', 'fd00::/8']
    for (const one of ['10.1.200.3', '::ffff:10.1.2.3', '192.168.7.7', 'tickets.internal', 'fd12::1']) {
      expect(isAllowed(allowed, one)).toBe(true)
    }
    for (const one of ['10.2.0.1', '192.168.7.8', 'xtickets.internal', 'tickets.internal.evil.example', 'fe80::1']) {
      expect(isAllowed(allowed, one)).toBe(false)
    }
    expect(isAllowed('all', '127.0.0.1')).toBe(true)
  })

  it('must make sense', () => {
    expect(['10.0.0.0/8', '::1', 'tickets.internal', 'localhost'].every(isAllowance)).toBe(true)
    expect(['10.0.0.0/99', 'http://tickets', 'a b', ''].some(isAllowance)).toBe(false)
  })
})
