import { REASON_HEADERS } from '@dimmer/protocol'
import type { FastifyRequest } from 'fastify'
import type { Actor } from '../kernel/actor.ts'
import { AppError } from '../kernel/errors.ts'

const LONGEST = 1_000

/** A text in a header: headers are ASCII, so it is percent-encoded UTF-8. Undefined: there is none, or it is blank. */
function textIn(request: FastifyRequest, header: string): string | undefined {
  const sent = request.headers[header]
  if (sent === undefined) return undefined
  const text = decode(Array.isArray(sent) ? sent.join(' ') : sent)?.trim()
  if (text === undefined) throw new AppError('invalid-request', `${header}: is not percent-encoded UTF-8.`)
  if (text.length > LONGEST) {
    throw new AppError('invalid-request', `${header}: is longer than ${LONGEST} characters.`)
  }
  return text === '' ? undefined : text
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Why somebody does what they do, and why they go past approvals: on every request that changes something. */
export function reasonsOf(request: FastifyRequest): Pick<Actor, 'comment' | 'breakGlass'> {
  const comment = textIn(request, REASON_HEADERS.comment)
  const breakGlass = textIn(request, REASON_HEADERS.breakGlass)
  return { ...(comment !== undefined && { comment }), ...(breakGlass !== undefined && { breakGlass }) }
}
