import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { bearerOf } from '../../http/bearer.ts'
import { almighty, type Caller } from '../../http/caller.ts'
import { assertLocal } from '../../http/local-request.ts'
import type { Origin } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'

export interface AuthenticateDeps {
  readonly adminToken: string | undefined
}

const sameText = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function originOf({ ip, headers }: FastifyRequest): Origin {
  const userAgent = headers['user-agent']?.slice(0, 300)
  return userAgent === undefined ? { ip } : { ip, userAgent }
}

/** Gives who calls the admin API. */
export async function authenticate(deps: AuthenticateDeps, request: FastifyRequest): Promise<Caller> {
  const origin = originOf(request)
  if (deps.adminToken === undefined) {
    assertLocal(request)
    return almighty({ kind: 'person', id: 'local', name: 'local', origin })
  }
  const token = bearerOf(request)
  if (token === undefined || !sameText(token, deps.adminToken)) {
    throw new AppError('unauthenticated', 'Send the admin token as "Authorization: Bearer ...".')
  }
  return almighty({ kind: 'person', id: 'admin', name: 'admin', origin })
}
