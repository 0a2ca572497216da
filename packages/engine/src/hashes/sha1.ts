import { paddedBlocks, rotateLeft, utf8 } from './bytes.ts'

const CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6]

function mixed(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d)
  return round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d
}

function schedule(view: DataView, start: number): Int32Array {
  const words = new Int32Array(80)
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(start + i * 4)
  for (let i = 16; i < 80; i++) {
    const word = (words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0)
    words[i] = rotateLeft(word, 1)
  }
  return words
}

/** SHA-1 (FIPS 180-4) of the UTF-8 bytes of a text, as five unsigned 32-bit words. For dealing units, not for secrets. */
export function sha1(text: string): readonly [number, number, number, number, number] {
  const view = paddedBlocks(utf8(text), false)
  let [h0, h1, h2, h3, h4] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]
  for (let start = 0; start < view.byteLength; start += 64) {
    let [a, b, c, d, e] = [h0, h1, h2, h3, h4]
    for (const [i, word] of schedule(view, start).entries()) {
      const round = Math.floor(i / 20)
      const next = rotateLeft(a, 5) + mixed(round, b, c, d) + e + (CONSTANTS[round] ?? 0) + word
      e = d
      d = c
      c = rotateLeft(b, 30)
      b = a
      a = next | 0
    }
    h0 = (h0 + a) >>> 0
    h1 = (h1 + b) >>> 0
    h2 = (h2 + c) >>> 0
    h3 = (h3 + d) >>> 0
    h4 = (h4 + e) >>> 0
  }
  return [h0, h1, h2, h3, h4]
}
