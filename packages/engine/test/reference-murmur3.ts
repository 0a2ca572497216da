/** Murmur3 x86 32, seed 0, as it is usually written down: over bytes, one block after another. */
export function referenceMurmur3(text: string): number {
  return referenceMurmur3Bytes([...new TextEncoder().encode(text)], 0)
}

/** The same of bytes, with a seed. */
export function referenceMurmur3Bytes(numbers: readonly number[], seed: number): number {
  const bytes = Uint8Array.from(numbers)
  const view = new DataView(bytes.buffer)
  const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by))
  const scramble = (k: number) => Math.imul(rotate(Math.imul(k, 0xcc9e2d51), 15), 0x1b873593)
  const blocks = bytes.length >> 2
  let hash = seed
  for (let i = 0; i < blocks; i++) {
    hash = Math.imul(rotate(hash ^ scramble(view.getUint32(i * 4, true)), 13), 5) + 0xe6546b64
  }
  const rest = bytes.subarray(blocks * 4)
  hash ^= scramble((rest[0] ?? 0) | ((rest[1] ?? 0) << 8) | ((rest[2] ?? 0) << 16))
  hash ^= bytes.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
