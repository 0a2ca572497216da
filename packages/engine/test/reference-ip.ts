/** An address as 128 bits, IPv4 as IPv4-mapped; undefined when it is none. Written for clarity, with big integers. */
function referenceAddress(text: string): bigint | undefined {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (four) {
    const parts = four.slice(1)
    if (parts.some(part => Number(part) > 255 || String(Number(part)) !== part)) return undefined
    return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0xffffn)
  }
  if (!text.includes(':')) return undefined
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const mapped = tail && referenceAddress(tail[2] ?? '')
  if (tail && mapped === undefined) return undefined
  const low = (mapped ?? 0n) & 0xffffffffn
  const long = tail ? `${tail[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}` : text
  const halves = long.split('::')
  if (halves.length > 2) return undefined
  const [left = [], right = []] = halves.map(half => (half === '' ? [] : half.split(':')))
  const missing = 8 - left.length - right.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  if (groups.some(group => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n)
}

const isIpv4 = (address: bigint) => address >> 32n === 0xffffn

/** Whether an address is in a range, both as text; undefined when the range is none. */
export function referenceInRange(text: string, range: string): boolean | undefined {
  const [base = '', prefix, ...rest] = range.split('/')
  const from = referenceAddress(base)
  const most = base.includes(':') ? 128 : 32
  const length = prefix === undefined ? most : Number(prefix)
  if (from === undefined || rest.length > 0 || (prefix !== undefined && !/^(0|[1-9]\d{0,2})$/.test(prefix)))
    return undefined
  if (length > most || (isIpv4(from) && most === 128 && length < 96)) return undefined
  const address = referenceAddress(text)
  const free = BigInt(most - length)
  return address !== undefined && isIpv4(address) === isIpv4(from) && address >> free === from >> free
}
