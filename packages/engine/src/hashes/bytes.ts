/** The UTF-8 bytes of a text; lone surrogates count as U+FFFD. */
export function utf8(text: string): readonly number[] {
  const bytes: number[] = []
  for (const character of text) {
    const found = character.codePointAt(0) ?? 0
    const code = found >= 0xd800 && found <= 0xdfff ? 0xfffd : found
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return bytes
}

/** A message in blocks of 64 bytes as MD5 and SHA-1 want it: a 1 bit, zeros, and the length in bits at the end. */
export function paddedBlocks(bytes: readonly number[], littleEndian: boolean): DataView {
  const length = Math.ceil((bytes.length + 9) / 64) * 64
  const view = new DataView(new ArrayBuffer(length))
  bytes.forEach((byte, index) => void view.setUint8(index, byte))
  view.setUint8(bytes.length, 0x80)
  const low = bytes.length << 3
  const high = Math.floor(bytes.length / 0x20000000)
  view.setUint32(length - 8, littleEndian ? low : high, littleEndian)
  view.setUint32(length - 4, littleEndian ? high : low, littleEndian)
  return view
}

/** Turns a 32-bit word to the left. */
export function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}
