import { createHash } from 'node:crypto'
import type { Hash, SplitArm } from '../src/index.ts'
import { referenceMurmur3, referenceMurmur3Bytes } from './reference-murmur3.ts'

/**
 * The schemes of other systems as they write them down themselves: from 1 to 100, from 0 to 1, in percent. Hashes come from
 * the platform.
 */

const big = (algorithm: string, text: string, digits: number) =>
  BigInt(`0x${createHash(algorithm).update(text).digest('hex').slice(0, digits)}`)

function fnv(text: string): number {
  let hash = 0x811c9dc5n
  for (let i = 0; i < text.length; i++) hash = ((hash ^ BigInt(text.charCodeAt(i))) * 0x01000193n) & 0xffffffffn
  return Number(hash)
}

function flagsmith(ids: string, times: number): number {
  const text = Array.from({ length: times }, () => ids).join(',')
  const percent = (Number(big('md5', text, 32) % 9999n) / 9998) * 100
  return percent === 100 ? flagsmith(ids, times + 1) : percent
}

function cbor(text: string): readonly number[] {
  const bytes = [...new TextEncoder().encode(text)]
  return bytes.length < 24 ? [0x60 + bytes.length, ...bytes] : [0x78, bytes.length, ...bytes]
}

const UTF8 = (text: string): readonly number[] => [...new TextEncoder().encode(text)]
const LOW_BYTES = (text: string): readonly number[] => [...Buffer.from(text, 'latin1')]

/** Where an id stands, and how it is compared: `inclusive` where a position equal to the limit is in. */
interface Position {
  readonly at: number
  /** What 100 % is on this scale; in a split, what all weights are together. */
  readonly whole: number
  readonly inclusive: boolean
}

function scaled(hash: number, total: number): Position {
  return { at: Number((BigInt(hash) * BigInt(total)) / 2n ** 32n), whole: total, inclusive: false }
}

function positionOf(scheme: Hash['scheme'], salt: string, id: string, total: number | undefined): Position {
  const unleash = (encode: (text: string) => readonly number[]) => {
    const hash = referenceMurmur3Bytes(encode(`${salt}:${id}`), total === undefined ? 0 : 86_028_157)
    return { at: (hash % (total ?? 100)) + 1, whole: total ?? 100, inclusive: true }
  }
  const isShare = total === undefined
  switch (scheme) {
    case 'unleash':
      return unleash(UTF8)
    case 'unleash-node':
      return unleash(LOW_BYTES)
    case 'growthbook-v1':
      return { at: (fnv(id + salt) % 1000) / 1000, whole: 1, inclusive: isShare }
    case 'growthbook-v2':
      return { at: (fnv(String(fnv(salt + id))) % 10_000) / 10_000, whole: 1, inclusive: isShare }
    case 'launchdarkly':
      return { at: Number(big('sha1', `${salt}.${id}`, 15)) / 0x1000000000000000, whole: 1, inclusive: false }
    case 'flagd-v1':
      return { at: (Math.abs(referenceMurmur3(salt + id) | 0) / 2 ** 31) * 100, whole: 100, inclusive: false }
    case 'flagd-v2':
      return scaled(referenceMurmur3(salt + id), total ?? 100)
    case 'flagd-v3':
      return scaled(referenceMurmur3Bytes([0x82, ...cbor(salt), ...cbor(id)], 0), total ?? 100)
    case 'configcat':
      return { at: Number(big('sha1', salt + id, 7) % 100n), whole: 100, inclusive: false }
    case 'flagsmith':
      return { at: flagsmith(`${salt},${id}`, 1), whole: 100, inclusive: isShare }
    case 'murmur3':
      return scaled(referenceMurmur3(`${salt}:${id}`), 100_000)
  }
}

/** Whether an id is in a share. */
export function referenceIsIn(hash: Required<Hash>, percent: number, id: string): boolean {
  if (percent === 0 || percent === 100) return percent === 100
  const { at, whole, inclusive } = positionOf(hash.scheme, hash.salt, id, undefined)
  const limit = whole === 1 ? percent / 100 : (percent * whole) / 100
  return at < limit || (inclusive && at === limit)
}

/** The arm that an id gets; weights are whole numbers. */
export function referenceArm(hash: Required<Hash>, arms: readonly SplitArm[], id: string): SplitArm | undefined {
  const total = arms.reduce((sum, arm) => sum + arm.weight, 0)
  const { at, whole, inclusive } = positionOf(hash.scheme, hash.salt, id, total)
  let end = 0
  for (const arm of arms) {
    end += total === whole ? arm.weight : (arm.weight / total) * whole
    if (at < end || (inclusive && at === end)) return arm
  }
  return arms.findLast(arm => arm.weight > 0)
}
