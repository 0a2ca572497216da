// @ts-check
/** Requests over kept connections, read with as little work as possible: the server is what is measured. */
import { connect } from 'node:net'
import { cpuSeconds } from './memory.mjs'
import { median } from './numbers.mjs'

const CONNECTIONS = 16
const END_OF_HEAD = Buffer.from('\r\n\r\n')
const LAST_CHUNK = Buffer.from('0\r\n\r\n')

/**
 * @typedef {object} Target
 * @property {number} port
 * @property {string} method
 * @property {string} path
 * @property {Readonly<Record<string, string>>} headers
 * @property {number} status that each answer must have
 * @property {(index: number) => string} [body] JSON of the request with this number
 * @property {(index: number) => string} [query] of the request with this number
 */

/**
 * @param {Target} target
 * @param {number} index
 */
function requestText({ port, method, path, headers, body, query }, index) {
  const text = body?.(index)
  const lines = [
    `${method} ${path}${query?.(index) ?? ''} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(text === undefined ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(text)}`]),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${text ?? ''}`
}

/** The answer that is being received. */
class Answer {
  /** @type {Buffer[]} */
  #chunks = []
  #head = { status: 0, bodyStart: 0, length: /** @type {number | undefined} */ (undefined) }
  size = 0

  get status() {
    return this.#head.status
  }

  /** @returns {Buffer} */
  get bytes() {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] ?? Buffer.alloc(0)
  }

  /**
   * @param {Buffer} chunk
   * @returns {boolean} whether it is whole
   */
  take(chunk) {
    this.#chunks.push(chunk)
    this.size += chunk.length
    if (this.status === 0) this.#readHead()
    const { status, bodyStart, length } = this.#head
    if (status === 0) return false
    if (status === 304) return true
    if (length !== undefined) return this.size >= bodyStart + length
    return this.bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)
  }

  #readHead() {
    const end = this.bytes.indexOf(END_OF_HEAD)
    if (end < 0) return
    const text = this.bytes.toString('latin1', 0, end)
    const length = /^content-length: *(\d+)/im.exec(text)?.[1]
    this.#head = {
      status: Number(text.slice(9, 12)),
      bodyStart: end + END_OF_HEAD.length,
      length: length === undefined ? undefined : Number(length),
    }
  }
}

/**
 * One connection: a request, its answer, the next request.
 * @param {Target} target
 * @param {{ nextIndex: () => number | undefined, onAnswer: (size: number) => void }} handlers
 * @returns {Promise<void>}
 */
const keepAsking = (target, { nextIndex, onAnswer }) =>
  new Promise((resolve, reject) => {
    let answer = new Answer()
    const next = () => {
      answer = new Answer()
      const index = nextIndex()
      if (index === undefined) socket.end(() => resolve())
      else socket.write(requestText(target, index))
    }
    const socket = connect(target.port, '127.0.0.1', next)
    socket.setNoDelay(true)
    socket.on('error', reject)
    socket.on('data', chunk => {
      if (!answer.take(chunk)) return
      if (answer.status !== target.status) {
        const said = answer.bytes.toString('utf8', 0, 1_000)
        reject(new Error(`${target.path} answered ${answer.status} and not ${target.status}: ${said}`))
        socket.destroy()
        return
      }
      onAnswer(answer.size)
      next()
    })
  })

/**
 * @param {Target} target
 * @param {number} durationMs
 * @returns {Promise<{ answers: number, bytes: number, ms: number }>} bytes: of one answer, head included
 */
async function load(target, durationMs) {
  const started = performance.now()
  let sent = 0
  let answers = 0
  let bytes = 0
  const handlers = {
    nextIndex: () => (performance.now() - started < durationMs ? sent++ : undefined),
    onAnswer: (/** @type {number} */ size) => {
      answers++
      bytes = size
    },
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, () => keepAsking(target, handlers)))
  return { answers, bytes, ms: performance.now() - started }
}

/** @typedef {{ rounds: number, roundMs: number, warmUpMs: number }} LoadTimes */
/**
 * Asks each of several targets as much as they can answer, in turns. Medians of the rounds, in the order of the targets.
 * @param {readonly { target: Target, pid: number }[]} targets `pid`: the server's process
 * @param {LoadTimes} times
 * @returns {Promise<{ perSecond: number, perCpuSecond: number, bytes: number }[]>}
 */
export async function throughput(targets, { rounds, roundMs, warmUpMs }) {
  const measured = targets.map(() => ({ perSecond: [0], perCpuSecond: [0], bytes: 0 }))
  for (const { target } of targets) await load(target, warmUpMs)
  for (const one of measured) one.perSecond = one.perCpuSecond = []
  for (let round = 0; round < rounds; round++) {
    for (const [index, { target, pid }] of targets.entries()) {
      const one = measured[index]
      if (one === undefined) continue
      const before = cpuSeconds(pid)
      const { answers, bytes, ms } = await load(target, roundMs)
      one.bytes = bytes
      one.perSecond = [...one.perSecond, (answers * 1_000) / ms]
      one.perCpuSecond = [...one.perCpuSecond, answers / Math.max(0.01, cpuSeconds(pid) - before)]
    }
  }
  return measured.map(({ perSecond, perCpuSecond, bytes }) => ({
    perSecond: median(perSecond),
    perCpuSecond: median(perCpuSecond),
    bytes,
  }))
}
