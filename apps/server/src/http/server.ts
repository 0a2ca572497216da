import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import swagger from '@fastify/swagger'
import Fastify, { LogController } from 'fastify'
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { type App, BODY_LIMIT } from './app-type.ts'
import { readBodies } from './bodies.ts'
import { answerClientError, handleErrors, handleFrameworkError } from './error-handler.ts'
import { plainWords } from './plain-words.ts'
import { sendSecurityHeaders } from './security-headers.ts'

export interface HttpOptions {
  readonly logLevel: Config['logLevel']
  /** Addresses of proxies whose word on the client's address is taken. */
  readonly trustedProxies: Config['trustedProxies']
  /** People reach the pages through TLS. */
  readonly tls: boolean
}

/** An id that came along with the request, if it can go into logs and headers as it is. */
function givenId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && /^[\w.:-]{1,100}$/.test(header) ? header : undefined
}

z.config({ localeError: plainWords })

/** An HTTP server with our validation, error answers and OpenAPI document, and no routes yet. */
export async function createHttp(options: HttpOptions): Promise<App> {
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    logger:
      options.logLevel === 'silent'
        ? false
        : { level: options.logLevel, redact: ['req.headers.authorization', 'req.headers.cookie'] },
    logController: new LogController({ disableRequestLogging: options.logLevel !== 'debug' }),
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    genReqId: request => givenId(request.headers['x-request-id']) ?? randomUUID(),
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: handleFrameworkError,
    clientErrorHandler: answerClientError,
  }).withTypeProvider<ZodTypeProvider>()
  sendSecurityHeaders(app, options)
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
  readBodies(app)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  handleErrors(app)
  await app.register(cookie)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Dimmer', version: '1', description: 'The admin and SDK API of Dimmer.' },
    },
    transform: jsonSchemaTransform,
  })
  app.get('/api/v1/openapi.json', { config: { permission: 'public' }, schema: { hide: true } }, () => app.swagger())
  return app
}
