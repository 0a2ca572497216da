import { AUDIT_VERBS } from '@dimmer/protocol'
import { z } from 'zod'

/** What `journal` writes, read back. */
const bodySchema = z.object({
  at: z.number(),
  who: z.object({
    kind: z.enum(['person', 'key', 'controller']),
    id: z.string(),
    name: z.string(),
    person: z.object({ id: z.string(), name: z.string() }).exactOptional(),
  }),
  verb: z.enum(AUDIT_VERBS),
  object: z.object({ kind: z.string(), key: z.string() }),
  projectId: z.string().exactOptional(),
  project: z.string().exactOptional(),
  environment: z.string().exactOptional(),
  flag: z.string().exactOptional(),
  from: z.object({ ip: z.string(), userAgent: z.string().exactOptional() }).exactOptional(),
  comment: z.string().exactOptional(),
  flagged: z.enum(['kill', 'break-glass']).exactOptional(),
  redacts: z.array(z.number()).exactOptional(),
  details: z.string().exactOptional(),
})

export type JournalBody = z.infer<typeof bodySchema>

/** Undefined if it isn't one: then somebody has been at it. */
export function readBody(text: string): JournalBody | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
