import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const gzipped = promisify(gzip)
/** What is smaller fits into a packet or two as it is. */
const WORTHWHILE_BYTES = 1_400

/** Bytes that are served many times: compressed once, when first asked for. */
export class Compressed {
  readonly plain: Buffer
  #gzip: Promise<Buffer> | undefined

  constructor(plain: Buffer) {
    this.plain = plain
  }

  /** The bytes for a client that accepts these encodings, and the `content-encoding` they are in. */
  async for(acceptEncoding: string | undefined): Promise<{ readonly bytes: Buffer; readonly encoding?: 'gzip' }> {
    if (this.plain.length < WORTHWHILE_BYTES || !acceptsGzip(acceptEncoding)) return { bytes: this.plain }
    this.#gzip ??= gzipped(this.plain, { level: 6 })
    return { bytes: await this.#gzip, encoding: 'gzip' }
  }
}

/** RFC 9110, 12.5.3, as far as it matters here: named and not refused by `q=0`. */
function acceptsGzip(header: string | undefined): boolean {
  return (header ?? '').split(',').some(part => {
    const [name = '', ...parameters] = part.split(';').map(text => text.trim().toLowerCase())
    return (name === 'gzip' || name === '*') && !parameters.some(text => /^q=0(\.0*)?$/.test(text))
  })
}
