import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { referenceInRange } from '../test/reference-ip.ts'
import { ipRangeTest } from './ip-ranges.ts'

const inRange = (range: string, address: string) => ipRangeTest([range])?.(address)

const INSIDE = [
  ['10.0.0.0/8', '10.255.255.255'],
  ['10.1.2.3/8', '10.200.0.1'],
  ['0.0.0.0/0', '255.255.255.255'],
  ['192.168.1.7', '192.168.1.7'],
  ['203.0.113.128/25', '203.0.113.255'],
  ['10.0.0.0/8', '::ffff:10.1.2.3'],
  ['10.0.0.0/8', '::FFFF:0a01:0203'],
  ['::ffff:10.0.0.0/104', '10.9.9.9'],
  ['2001:db8::/32', '2001:DB8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['::/0', '::'],
  ['::1', '0:0:0:0:0:0:0:1'],
  ['fe80::/10', 'febf::1'],
  ['64:ff9b::/96', '64:ff9b::192.0.2.33'],
  ['1:2:3:4:5:6:7::/112', '1:2:3:4:5:6:7:ffff'],
] as const

const OUTSIDE = [
  ['10.0.0.0/8', '11.0.0.0'],
  ['203.0.113.128/25', '203.0.113.127'],
  ['::/0', '10.0.0.1'],
  ['::/0', '::ffff:10.0.0.1'],
  ['0.0.0.0/0', '::1'],
  ['2001:db8::/33', '2001:db8:8000::'],
  ['fe80::/10', 'fec0::1'],
] as const

const NO_ADDRESS = [
  '',
  '10.0.0',
  '127.1',
  '010.0.0.1',
  '10.0.0.01',
  '0x7f.0.0.1',
  '2130706433',
  '256.0.0.1',
  '1.2.3.4.5',
  '1.2.3.4 ',
  '+1.2.3.4',
  '1.2.3.-4',
  '10.0.0.1/32',
  '10.0.0.1:80',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '12345::',
  'g::',
  'fe80::1%eth0',
  '[::1]',
  '::1.2.3',
  '::01.2.3.4',
  '1.2.3.4::',
  '1:2:3:4:5:6:7:1.2.3.4',
  '١.2.3.4',
]

describe('ranges of addresses', () => {
  it.each(INSIDE)('%s holds %s', (range, address) => {
    expect(inRange(range, address)).toBe(true)
    expect(referenceInRange(address, range)).toBe(true)
  })

  it.each(OUTSIDE)('%s does not hold %s', (range, address) => {
    expect(inRange(range, address)).toBe(false)
    expect(referenceInRange(address, range)).toBe(false)
  })

  it.each(NO_ADDRESS)('%j is no address', text => {
    expect(inRange('0.0.0.0/0', text)).toBe(false)
    expect(inRange('::/0', text)).toBe(false)
    expect(referenceInRange(text, '::/0')).toBe(false)
  })

  it.each([
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '::/129',
    '::ffff:10.0.0.0/95',
    '10.0.0/8',
    '/8',
    '',
  ])('%j is no range', range => {
    expect(ipRangeTest(['10.0.0.0/8', range])).toBeUndefined()
    expect(referenceInRange('10.0.0.1', range)).toBeUndefined()
  })

  it('hold when one of several does', () => {
    const isInside = ipRangeTest(['10.0.0.0/8', '192.168.0.0/16', '2001:db8::/32'])
    expect(['10.1.1.1', '192.168.3.4', '2001:db8::1', '8.8.8.8', '2001:db9::1'].map(ip => isInside?.(ip))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })

  it('agree with a reading in big integers, whatever comes', () => {
    const group = fc.constantFrom('0', '1', 'ffff', 'FFFF', '0a01', '', '12345', 'g', '1.2.3.4', '10.0.0.1')
    const long = fc.array(group, { minLength: 1, maxLength: 9 }).map(groups => groups.join(':'))
    const mapped = fc.ipV4().map(address => `::ffff:${address}`)
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), mapped, long)
    const near = fc.tuple(address, fc.nat(130)).map(([text, bits]) => `${text}/${bits}`)
    fc.assert(
      fc.property(near, address, (range, other) => {
        const own = range.slice(0, range.indexOf('/'))
        expect(inRange(range, other)).toBe(referenceInRange(other, range))
        expect(inRange(range, own)).toBe(referenceInRange(own, range))
      }),
      { numRuns: 1000 },
    )
  })
})
