/**
 * Murmur3 x86 32 with seed 0 over UTF-8, resumable after a fixed prefix. Code units are encoded on the fly, four
 * bytes at a time, so that hashing allocates nothing. Lone surrogates count as U+FFFD, as `TextEncoder` has it.
 */

const C1 = 0xcc9e2d51
const C2 = 0x1b873593
/** U+FFFD in UTF-8 (EF BF BD), first byte lowest. */
const REPLACEMENT = 0xbdbfef

/** The hash after some text: the blocks that are done, and the bytes that don't fill a block yet. */
export interface Murmur3State {
  readonly hash: number
  /** Up to three bytes, first byte lowest. */
  readonly tail: number
  readonly tailBits: number
  readonly byteLength: number
}

const EMPTY: Murmur3State = { hash: 0, tail: 0, tailBits: 0, byteLength: 0 }

function scramble(block: number): number {
  const k = Math.imul(block, C1)
  return Math.imul((k << 15) | (k >>> 17), C2)
}

function mix(hash: number, block: number): number {
  const h = hash ^ scramble(block)
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0
}

function finish(hash: number, tail: number, byteLength: number): number {
  let h = hash ^ scramble(tail) ^ byteLength
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** The UTF-8 bytes of one code point (or of a lone surrogate), first byte lowest. */
function encode(codePoint: number): number {
  if (codePoint < 0x80) return codePoint
  if (codePoint < 0x800) return 0x80c0 | (codePoint >> 6) | ((codePoint & 63) << 8)
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return REPLACEMENT
  if (codePoint < 0x10000)
    return 0x8080e0 | (codePoint >> 12) | (((codePoint >> 6) & 63) << 8) | ((codePoint & 63) << 16)
  return (
    0x808080f0 |
    (codePoint >> 18) |
    (((codePoint >> 12) & 63) << 8) |
    (((codePoint >> 6) & 63) << 16) |
    ((codePoint & 63) << 24)
  )
}

function encodedBits(codePoint: number): number {
  if (codePoint < 0x80) return 8
  if (codePoint < 0x800) return 16
  return codePoint < 0x10000 ? 24 : 32
}

/** The state after `text`, going on from `state`. */
export function absorb(text: string, state: Murmur3State = EMPTY): Murmur3State {
  let { hash, tail, tailBits, byteLength } = state
  for (let i = 0; i < text.length; i++) {
    const codePoint = text.codePointAt(i) ?? 0
    if (codePoint > 0xffff) i++
    const bytes = encode(codePoint)
    const bits = encodedBits(codePoint)
    byteLength += bits >> 3
    tail |= bytes << tailBits
    const filled = tailBits + bits
    if (filled >= 32) {
      hash = mix(hash, tail)
      // The bytes that didn't fit; written so that shifting by 32 gives 0.
      tail = (bytes >>> 1) >>> (31 - tailBits)
    }
    tailBits = filled & 31
  }
  return { hash, tail, tailBits, byteLength }
}

function hashSlowly(state: Murmur3State, text: string): number {
  const end = absorb(text, state)
  return finish(end.hash, end.tail, end.byteLength)
}

/**
 * The hash of the absorbed prefix followed by `text`, as a **signed** 32-bit integer: V8 keeps that unboxed.
 * ASCII text takes four characters a step.
 */
export function hashFrom(state: Murmur3State, text: string): number {
  const length = text.length
  const tailBits = state.tailBits
  const room = 31 - tailBits
  let hash = state.hash
  let tail = state.tail
  let i = 0
  for (; i + 4 <= length; i += 4) {
    const a = text.charCodeAt(i)
    const b = text.charCodeAt(i + 1)
    const c = text.charCodeAt(i + 2)
    const d = text.charCodeAt(i + 3)
    if ((a | b | c | d) > 127) return hashSlowly(state, text)
    const word = a | (b << 8) | (c << 16) | (d << 24)
    hash = mix(hash, tail | (word << tailBits))
    tail = (word >>> 1) >>> room
  }
  let bits = tailBits
  for (; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code > 127) return hashSlowly(state, text)
    tail |= code << bits
    bits += 8
    if (bits === 32) {
      hash = mix(hash, tail)
      tail = 0
      bits = 0
    }
  }
  return finish(hash, tail, state.byteLength + length)
}

/** Murmur3 x86 32 of bytes that are no UTF-8 text: 0 to 2^32 - 1. */
export function murmur3Bytes(bytes: readonly number[], seed: number = 0): number {
  let hash = seed
  let block = 0
  for (const [i, byte] of bytes.entries()) {
    block |= byte << ((i % 4) * 8)
    if (i % 4 === 3) {
      hash = mix(hash, block)
      block = 0
    }
  }
  return finish(hash, block, bytes.length) >>> 0
}

/** The state before any text, for another seed than 0. */
export function seeded(seed: number): Murmur3State {
  return { ...EMPTY, hash: seed }
}

/** Murmur3 x86 32, seed 0, of the UTF-8 bytes of `text`: 0 to 2^32 - 1. */
export function murmur3(text: string): number {
  return hashFrom(EMPTY, text) >>> 0
}
