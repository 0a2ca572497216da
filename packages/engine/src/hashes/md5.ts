import { paddedBlocks, rotateLeft, utf8 } from './bytes.ts'

const TURNS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
]
const SINES: readonly number[] = Array.from(
  { length: 64 },
  (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0,
)

function mixed(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d)
  if (round === 1) return (d & b) | (~d & c)
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d)
}

function placeOf(round: number, i: number): number {
  if (round === 0) return i
  if (round === 1) return (5 * i + 1) % 16
  return round === 2 ? (3 * i + 5) % 16 : (7 * i) % 16
}

/** The 16 bytes of MD5 (RFC 1321) of the UTF-8 bytes of a text. For dealing units, not for secrets. */
export function md5(text: string): readonly number[] {
  const view = paddedBlocks(utf8(text), true)
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let start = 0; start < view.byteLength; start += 64) {
    let [a = 0, b = 0, c = 0, d = 0] = state
    for (const [i, sine] of SINES.entries()) {
      const round = i >> 4
      const sum = a + mixed(round, b, c, d) + sine + view.getInt32(start + placeOf(round, i) * 4, true)
      a = d
      d = c
      c = b
      b = (b + rotateLeft(sum | 0, TURNS[round]?.[i % 4] ?? 0)) | 0
    }
    for (const [i, word] of [a, b, c, d].entries()) state[i] = ((state[i] ?? 0) + word) | 0
  }
  return state.flatMap(word => [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24])
}
