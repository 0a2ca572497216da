import { z } from 'zod'
import { ask } from '../raw-http.ts'

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const
const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
const bodySchema = z.looseObject({
  requestBody: z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.looseObject({}) })) }),
})
const propertiesSchema = z.looseObject({ properties: z.record(z.string(), z.unknown()) })

/** A route as the OpenAPI document has it: `{project}` in the path, and the names of the fields of its body. */
export interface DocumentedRoute {
  readonly method: string
  readonly path: string
  readonly fields: readonly string[]
  readonly takesJson: boolean
}

const contentOf = (operation: unknown) => bodySchema.safeParse(operation).data?.requestBody.content ?? {}

const fieldsOf = (operation: unknown): string[] =>
  Object.values(contentOf(operation)).flatMap(({ schema }) =>
    Object.keys(propertiesSchema.safeParse(schema).data?.properties ?? {}),
  )

/** All routes of a running server. */
export async function documentedRoutes(url: string): Promise<readonly DocumentedRoute[]> {
  const { paths } = documentSchema.parse(JSON.parse((await ask(url, { path: '/api/v1/openapi.json' })).text))
  return Object.entries(paths).flatMap(([path, operations]) =>
    METHODS.filter(method => method in operations).map(method => ({
      method: method.toUpperCase(),
      path,
      fields: fieldsOf(operations[method]),
      takesJson: 'application/json' in contentOf(operations[method]),
    })),
  )
}
