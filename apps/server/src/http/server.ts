import { randomUUID } from 'node:crypto'
import swagger from '@fastify/swagger'
import Fastify, { LogController } from 'fastify'
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { parse } from 'yaml'
import type { Config } from '../config.ts'
import { AppError } from '../kernel/errors.ts'
import { type App, BODY_LIMIT } from './app-type.ts'
import { handleErrors } from './error-handler.ts'

export interface HttpOptions {
  readonly logLevel: Config['logLevel']
}

/** An HTTP server with our validation, error answers and OpenAPI document, and no routes yet. */
export async function createHttp(options: HttpOptions): Promise<App> {
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    logger:
      options.logLevel === 'silent'
        ? false
        : { level: options.logLevel, redact: ['req.headers.authorization', 'req.headers.cookie'] },
    logController: new LogController({ disableRequestLogging: options.logLevel !== 'debug' }),
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
  }).withTypeProvider<ZodTypeProvider>()
  acceptYaml(app)
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  handleErrors(app)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Dimmer', version: '1', description: 'The admin and SDK API of Dimmer.' },
    },
    transform: jsonSchemaTransform,
  })
  app.get('/api/v1/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, () => app.swagger())
  return app
}

/** A body may be YAML as well as JSON: rollout plans are kept in files, and people write those. */
function acceptYaml(app: App): void {
  app.addContentTypeParser(
    ['application/yaml', 'text/yaml'],
    { parseAs: 'string' },
    async (_request: unknown, body: string) => {
      try {
        return parse(body)
      } catch (error) {
        const reason = error instanceof Error ? error.message.split('\n')[0] : 'it cannot be read'
        throw new AppError('malformed-json', `The body is not valid YAML: ${reason}`)
      }
    },
  )
}
