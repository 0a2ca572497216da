/**
 * IP addresses and ranges in CIDR notation, read strictly: what one program reads as octal and the next as decimal
 * (`010.0.0.1`), or what only old libraries take (`127.1`), is no address. An IPv4-mapped IPv6 address
 * (`::ffff:10.0.0.1`) is the IPv4 address that it maps.
 */

const WORDS = 4

/** What an address turned out to be; `no-address` when it is none. */
type Family = 'ipv4' | 'ipv6' | 'no-address'

/** Four 32-bit words, highest first. An IPv4 address is the last of them, behind 0, 0 and 0xffff. */
type Words = Int32Array

function decimal(text: string, start: number, end: number): number {
  if (end <= start || end - start > 3) return -1
  if (text.charCodeAt(start) === 48 && end - start > 1) return -1
  let number = 0
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) return -1
    number = number * 10 + digit
  }
  return number
}

/** Reads `1.2.3.4` from `start` to the end into the last word. In one pass: most addresses are of this kind. */
function readIpv4(text: string, start: number, words: Words): boolean {
  let word = 0
  let part = -1
  let dots = 0
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 46) {
      if (part < 0 || dots === 3) return false
      word = (word << 8) | part
      part = -1
      dots++
      continue
    }
    const digit = code - 48
    if (!(digit >= 0 && digit <= 9) || part === 0) return false
    part = part < 0 ? digit : part * 10 + digit
    if (part > 255) return false
  }
  if (part < 0 || dots < 3) return false
  words[3] = (word << 8) | part
  return true
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** The group of 1 to 4 hexadecimal digits that begins at `start`; -1 when there is none. */
function hexGroup(text: string, start: number): number {
  let group = 0
  let at = start
  for (; at < text.length; at++) {
    const digit = hexDigit(text.charCodeAt(at))
    if (digit < 0) break
    if (at - start === 4) return -1
    group = group * 16 + digit
  }
  return at === start ? -1 : group
}

function groupEnd(text: string, start: number): number {
  let end = start
  while (end < text.length && hexDigit(text.charCodeAt(end)) >= 0) end++
  return end
}

/** Puts a 16-bit group at place 0 to 7. */
function setGroup(words: Words, place: number, group: number): void {
  const word = place >> 1
  const old = words[word] ?? 0
  words[word] = place % 2 === 0 ? (old & 0xffff) | (group << 16) : (old & ~0xffff) | group
}

function getGroup(words: Words, place: number): number {
  const word = words[place >> 1] ?? 0
  return place % 2 === 0 ? word >>> 16 : word & 0xffff
}

/** Moves the groups after `::` to the end. `gap`: how many were read before it; `count`: how many in all. */
function spread(words: Words, gap: number, count: number): void {
  const by = 8 - count
  for (let place = 7; place >= gap + by; place--) setGroup(words, place, getGroup(words, place - by))
  for (let place = gap; place < gap + by; place++) setGroup(words, place, 0)
}

/** Reads an IPv4 address at the end of an IPv6 address into two groups. */
function readTail(text: string, start: number, place: number, words: Words): boolean {
  const last = words[3] ?? 0
  if (!readIpv4(text, start, words)) return false
  const tail = words[3] ?? 0
  words[3] = last
  setGroup(words, place, tail >>> 16)
  setGroup(words, place + 1, tail & 0xffff)
  return true
}

/**
 * Reads groups from `start` on, up to `::` or the end, into the places from `first` on: the place after the last; -1
 * when it cannot.
 */
function readGroups(text: string, start: number, words: Words, first: number): number {
  let place = first
  for (let at = start; place < 8; ) {
    const stop = groupEnd(text, at)
    if (text[stop] === '.') {
      return place <= 6 && readTail(text, at, place, words) ? place + 2 : -1
    }
    const group = hexGroup(text, at)
    if (group < 0) return -1
    setGroup(words, place++, group)
    if (stop === text.length) return place
    if (text[stop] !== ':') return -1
    at = stop + 1
    if (text[at] === ':') return place
  }
  return -1
}

function readIpv6(text: string, words: Words): boolean {
  const gap = text.indexOf('::')
  if (gap < 0) return readGroups(text, 0, words, 0) === 8
  const before = gap === 0 ? 0 : readGroups(text, 0, words, 0)
  if (before < 0) return false
  const isLast = gap + 2 === text.length
  const count = isLast ? before : readGroups(text, gap + 2, words, before)
  const isRepeated = text.includes('::', gap + 1)
  if (count < 0 || count > 7 || isRepeated) return false
  spread(words, before, count)
  return true
}

function isMapped(words: Words): boolean {
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff
}

const LONGEST_ADDRESS = 45

function readAddress(text: string, words: Words): Family {
  if (text.length > LONGEST_ADDRESS) return 'no-address'
  if (readIpv4(text, 0, words)) {
    words[0] = 0
    words[1] = 0
    words[2] = 0xffff
    return 'ipv4'
  }
  if (!text.includes(':') || !readIpv6(text, words)) return 'no-address'
  return isMapped(words) ? 'ipv4' : 'ipv6'
}

/** A range: the addresses of one family whose first bits are those of `base`. */
interface IpRange {
  readonly family: Family
  readonly base: Words
  readonly mask: Words
}

function maskOf(bits: number): Words {
  return Int32Array.from({ length: WORDS }, (_, word) => {
    const own = Math.max(0, Math.min(32, bits - word * 32))
    return own === 0 ? 0 : -1 << (32 - own)
  })
}

/** `10.0.0.0/8`, `2001:db8::/32`, or a lone address. Undefined when it is no range. */
function parseRange(text: string): IpRange | undefined {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const base = new Int32Array(WORDS)
  const family = readAddress(address, base)
  if (family === 'no-address') return undefined
  const isLong = address.includes(':')
  const most = isLong ? 128 : 32
  const prefix = slash < 0 ? most : decimal(text, slash + 1, text.length)
  if (prefix < 0 || prefix > most) return undefined
  const bits = isLong ? prefix : prefix + 96
  // Shorter than the mapping itself: half of it would be IPv6, half IPv4.
  if (family === 'ipv4' && bits < 96) return undefined
  return { family, base, mask: maskOf(bits) }
}

function holds({ family, base, mask }: IpRange, address: Words): boolean {
  for (let word = family === 'ipv4' ? 3 : 0; word < WORDS; word++) {
    if ((((address[word] ?? 0) ^ (base[word] ?? 0)) & (mask[word] ?? 0)) !== 0) return false
  }
  return true
}

/** Whether an address, as text, is in one of the ranges. Undefined when one of them is no range. */
export function ipRangeTest(ranges: readonly string[]): ((address: string) => boolean) | undefined {
  const parsed = ranges.map(parseRange).filter(range => range !== undefined)
  if (parsed.length < ranges.length) return undefined
  const address = new Int32Array(WORDS)
  return text => {
    const family = readAddress(text, address)
    if (family === 'no-address') return false
    for (const range of parsed) if (range.family === family && holds(range, address)) return true
    return false
  }
}
