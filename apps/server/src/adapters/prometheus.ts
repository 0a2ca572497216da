import { z } from 'zod'
import { type NumberSource, SourceError, type SourcePlace } from '../ports/number-source.ts'
import { type Outgoing, type OutgoingAnswer, OutgoingError } from '../ports/outgoing.ts'

const TIMEOUT_MS = 5_000

const value = z.tuple([z.number(), z.string()])
/** prometheus.io, "HTTP API", instant queries. */
const answerSchema = z.union([
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value })) }),
      z.object({ resultType: z.literal('scalar'), result: value }),
      z.object({ resultType: z.literal('matrix'), result: z.unknown() }),
      z.object({ resultType: z.literal('string'), result: z.unknown() }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
])

type Result = Extract<z.infer<typeof answerSchema>, { status: 'success' }>['data']

/** Asks a Prometheus, or what speaks its HTTP API (Mimir, Thanos, VictoriaMetrics). */
export function openPrometheus(outgoing: Outgoing, { url, token }: SourcePlace): NumberSource {
  const address = `${url.replace(/\/+$/, '')}/api/v1/query`
  return {
    async numberAt(query, at) {
      const parameters = new URLSearchParams({ query, time: (at / 1000).toFixed(3) })
      const answer = await ask(outgoing, `${address}?${parameters}`, token)
      return oneNumber(readAnswer(answer))
    },
  }
}

async function ask(outgoing: Outgoing, url: string, token: string | undefined): Promise<OutgoingAnswer> {
  try {
    const headers = { accept: 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) }
    return await outgoing.send({ url, headers, timeoutMs: TIMEOUT_MS })
  } catch (cause) {
    if (!(cause instanceof OutgoingError)) throw cause
    throw new SourceError(`Prometheus could not be asked: ${cause.message}`, { passing: true, cause })
  }
}

function readAnswer({ status, text }: OutgoingAnswer): Result {
  const read = answerSchema.safeParse(jsonOf(text))
  if (!read.success) {
    throw new SourceError(`Prometheus answered ${status}, and not as its HTTP API does.`, { passing: status >= 500 })
  }
  if (read.data.status === 'success') return read.data.data
  throw new SourceError(`Prometheus refused the query: ${read.data.error.slice(0, 300)}`, { passing: status >= 500 })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const ONE_NUMBER = 'the query must give one number: put sum(...) or max(...) around it'

/** NaN (0 / 0: nothing happened) and infinities are no numbers to judge by. */
function oneNumber(data: Result): number | undefined {
  if (data.resultType === 'scalar') return finite(data.result[1])
  if (data.resultType !== 'vector') {
    throw new SourceError(`Prometheus gave a ${data.resultType}; ${ONE_NUMBER}.`, { passing: false })
  }
  if (data.result.length > 1) {
    throw new SourceError(`Prometheus gave ${data.result.length} series; ${ONE_NUMBER}.`, { passing: false })
  }
  const [only] = data.result
  return only && finite(only.value[1])
}

function finite(text: string): number | undefined {
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}
