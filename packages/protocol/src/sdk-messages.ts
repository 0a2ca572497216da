/** What SDKs and the server say to each other under `/sdk/v1`. SDKs import these as types only. */
import type { RulesetPatch, UnitName } from '@dimmer/engine'
import { z } from 'zod'
import { jsonSchema } from './flag-schemas.ts'
import { MAX_SIGNED_CONTEXT } from './signing-messages.ts'

/** Request headers of every SDK call. Pages send `sdk` only. */
export const SDK_HEADERS = {
  /** Random per process; names the instance in receipts. 1 to 100 characters. */
  instance: 'x-dimmer-instance',
  /** "name/version", e.g. "node/0.1.0". */
  sdk: 'x-dimmer-sdk',
  /**
   * With a stream: `by-hash`, if the SDK fetches long lists by itself (see `ListReference`). Without it lists come whole.
   */
  lists: 'x-dimmer-lists',
} as const

/**
 * Events of `GET /sdk/v1/stream`. `hello` comes first and has no `id:`. `put` carries a whole `Ruleset`, `patch` what
 * changed since `from`; their `id:` is the ruleset version, which a client sends back as `Last-Event-ID` when it
 * reconnects. A client that is up to date gets nothing but the hello. Comment lines (`:`) are heartbeats. `cut-off`: an
 * edge has lost its server, or a node database and bus; what it sends may be out of date, until `in-touch`.
 */
export type StreamEventName = 'hello' | 'put' | 'patch' | 'cut-off' | 'in-touch'

export interface StreamHello {
  /** Upper end of the random delay before a receipt, in ms. Grows with the number of connected instances. */
  readonly receiptDelayMs: number
  /** Longest silence between two heartbeats, in ms; after twice that an SDK must take the stream for dead. */
  readonly heartbeatMs: number
  /** True: it is cut off already (see `StreamEventName`). */
  readonly cutOff?: boolean
}

export type StreamPatch = RulesetPatch

/**
 * Stands for a long `UnitList` in the segments of a `put` or `patch`, if the SDK asked for lists by hash. The ids are at
 * `GET /sdk/v1/lists/:hash`: a JSON array of texts that never changes, so each is fetched once. 404: the list was
 * replaced meanwhile, and the `patch` that says so is on its way; ask for a whole ruleset.
 */
export interface ListReference {
  readonly unit: UnitName
  /** SHA-256 of the JSON array, base64url. */
  readonly hash: string
  readonly count: number
}

/**
 * How an instance is fed at the moment: from the stream, by polls, or (`stale`) by neither, so that it goes on with what
 * it has. `closed`: it is shutting down, in good order; nobody need wait for it or miss it.
 */
const instanceStateSchema = z.enum(['live', 'polling', 'stale', 'closed'])
export type InstanceState = z.infer<typeof instanceStateSchema>

/**
 * A part of the ruleset that an instance cannot use, so that it goes on without it: mostly a rule that a newer server
 * understands. `path` and `code` are those of the engine's problem.
 */
const skippedPartSchema = z.strictObject({
  /** Null: a segment. */
  flag: z.string().max(100).nullable(),
  path: z.string().max(300),
  code: z.string().max(40),
})
export type SkippedPart = z.infer<typeof skippedPartSchema>

/** How many of them an instance tells; it logs them all. */
const MOST_SKIPPED_PARTS = 20
const skippedPartsSchema = z.array(skippedPartSchema).max(MOST_SKIPPED_PARTS)

/** `POST /sdk/v1/receipts`: this instance now runs `version`. Answer: 204. */
export const receiptSchema = z.strictObject({
  version: z.number().int().min(0),
  state: instanceStateSchema,
  /** What of it the instance skips; absent: nothing. */
  skips: skippedPartsSchema.exactOptional(),
})
export type Receipt = z.infer<typeof receiptSchema>

/** `GET /sdk/v1/key`: what the key is with which it is asked. Edges ask it for the keys that SDKs show them. */
export const keyAnswerSchema = z.object({
  keyId: z.string(),
  kind: z.enum(['server', 'browser', 'edge']),
  environmentId: z.string(),
  projectId: z.string(),
})
export type KeyAnswer = z.infer<typeof keyAnswerSchema>

const agoMs = z.number().min(0)

/** What a node or an edge knows of one instance. Times are "so long ago": clocks need not agree. */
export const sharedInstanceSchema = z.strictObject({
  id: z.string().min(1).max(100),
  sdk: z.string().max(100),
  /** The edge that it is connected to; null: the one that tells this. */
  via: z.string().max(100).nullable(),
  state: instanceStateSchema.nullable(),
  /** It is there: it has a stream, or polls. */
  present: z.boolean(),
  streaming: z.boolean(),
  seenAgoMs: agoMs,
  version: z.number().int().min(0).nullable(),
  confirmedAgoMs: agoMs.nullable(),
  /** What of that version it skips; absent: nothing. */
  skips: skippedPartsSchema.exactOptional(),
})
export type SharedInstance = z.infer<typeof sharedInstanceSchema>

/**
 * `POST /sdk/v1/instances`, from edges: what has changed among the instances that are connected to it; empty, every few
 * seconds, as a sign of life. An answer `{ tellAll: true }` asks for all of them.
 */
export const instancesReportSchema = z.strictObject({ instances: z.array(sharedInstanceSchema).max(1_000) })
export const instancesAnswerSchema = z.object({ tellAll: z.boolean() })
export type InstancesAnswer = z.infer<typeof instancesAnswerSchema>

const epochMs = z.number().min(0).max(8.64e15)
/** What a database can store: no NUL, no half of a surrogate pair. */
const text = z
  .string()
  .regex(/^[^\0\ud800-\udfff]*$/u, 'may not contain the NUL character or broken Unicode')
  .max(200)
const id = text.min(1)
const eventName = text.min(1)

/**
 * Unit ids of a context by unit name, e.g. { account: "acc-1", user: "u-7" }: the units an event belongs to.
 */
export const unitIdsSchema = z.record(id.max(100), id)
export type UnitIds = z.infer<typeof unitIdsSchema>

/** How often a flag was evaluated with the same outcome since the last batch. */
export const exposureCountSchema = z.strictObject({
  flag: id,
  /** `Flag.version` of the flag that was evaluated. */
  flagVersion: z.number().int().min(0),
  /** Variant served; null if the code's fallback was used. */
  variant: id.nullable(),
  count: z.number().int().min(1),
})
export type ExposureCount = z.infer<typeof exposureCountSchema>

/**
 * The first time this instance served a unit this outcome of this version of the flag. Only for outcomes in which a
 * unit counted: by a share (`rule`), a split, or by being held out of a share (`heldOutBy`). Where the share that held
 * out counts another unit than the one that decided, there are two of these, one for each unit.
 */
export const firstExposureSchema = z.strictObject({
  flag: id,
  flagVersion: z.number().int().min(0),
  variant: id,
  unit: id,
  unitId: id,
  /** The rule that served; null: the fallthrough. */
  rule: id.nullable(),
  /** The first rule whose condition held and whose share left the unit out; null: none. */
  heldOutBy: id.nullable(),
  at: epochMs,
})
export type FirstExposure = z.infer<typeof firstExposureSchema>

/** One `track(...)`. */
export const trackSchema = z.strictObject({
  name: eventName,
  at: epochMs,
  units: unitIdsSchema,
  /** False: it failed. Absent counts as true. */
  ok: z.boolean().exactOptional(),
  /** How long it took. */
  ms: z.number().min(0).max(1e9).exactOptional(),
  /** Any amount, e.g. money. */
  value: z.number().exactOptional(),
  /** What the unit made with it, e.g. "invoice". */
  creates: text.exactOptional(),
  /** From browsers: what the units were signed with (see `spec/README.md`). */
  signedContext: z.string().max(MAX_SIGNED_CONTEXT).exactOptional(),
})
export type Track = z.infer<typeof trackSchema>

/** One `identify(...)`: what is known about an account or a user. */
export const identifySchema = z.strictObject({
  at: epochMs,
  units: unitIdsSchema,
  attributes: z.record(z.string().min(1).max(100), jsonSchema),
})
export type Identify = z.infer<typeof identifySchema>

/** `POST /sdk/v1/events`. Answer: 202, `EventsAnswer`. A `batchId` counts once. */
export const eventBatchSchema = z.strictObject({
  batchId: z.string().min(8).max(100),
  /** The sender's clock when it sent; the server corrects all times by the difference to its own. */
  sentAt: epochMs,
  exposures: z.array(exposureCountSchema).max(5_000).default([]),
  firstExposures: z.array(firstExposureSchema).max(5_000).default([]),
  tracks: z.array(trackSchema).max(5_000).default([]),
  identifies: z.array(identifySchema).max(5_000).default([]),
  /** Events that the sender had to drop since the last batch, because its buffer was full. */
  dropped: z.number().int().min(0).default(0),
  /** Events of this batch that an edge on the way did not take; absent: none. */
  refused: z.number().int().min(1).exactOptional(),
})
/** As the server reads it. */
export type EventBatch = z.output<typeof eventBatchSchema>
/** As an SDK sends it. */
export type EventBatchInput = z.input<typeof eventBatchSchema>

/** `POST /sdk/v1/event-batches`, from edges: batches of several senders in one request. Answer as for one. */
export const eventBatchesSchema = z.strictObject({ batches: z.array(eventBatchSchema).min(1).max(50) })

export const eventsAnswerSchema = z.strictObject({
  accepted: z.literal(true),
  duplicate: z.boolean(),
  /** Events that were not taken: how many, and where and why for the first of them; absent: all were taken. */
  refused: z
    .strictObject({
      count: z.number().int(),
      details: z.array(z.strictObject({ path: z.string(), message: z.string() })),
    })
    .exactOptional(),
})
export type EventsAnswer = z.infer<typeof eventsAnswerSchema>

/** OFREP (OpenFeature Remote Evaluation Protocol): the body of both evaluation endpoints. */
export const ofrepRequestSchema = z.object({ context: z.record(z.string(), z.unknown()).default({}) })

/** OFREP: one evaluated flag of a bulk answer. */
export interface OfrepFlag {
  readonly key: string
  readonly value: unknown
  readonly variant?: string
  readonly reason: 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'DEFAULT' | 'ERROR'
  readonly metadata?: Readonly<Record<string, string | number | boolean>>
}

/**
 * OFREP: where to hear of changes (its ADR 8). The address is relative to the origin that was asked, and good for opening
 * a stream for 10 to 20 minutes.
 */
export interface OfrepEventStream {
  readonly type: 'sse'
  readonly endpoint: { readonly requestUri: string }
  readonly inactivityDelaySec: number
}

/**
 * OFREP: the answer of `POST /ofrep/v1/evaluate/flags`. Its ETag covers ruleset version and context, the values where
 * they depend on the time, and the token in `eventStreams`.
 */
export interface OfrepBulkAnswer {
  readonly flags: readonly OfrepFlag[]
  readonly metadata: { readonly version: number }
  /** For browser keys. */
  readonly eventStreams?: readonly OfrepEventStream[]
}

/**
 * Messages of `GET /sdk/v1/client-stream`, all without a name. `hello` comes first: the version that is served, the longest
 * silence in ms (after twice that the stream is dead), and whether the node is cut off, so that values may be out of
 * date. `state`: that it is cut off now, or no longer. `refetchEvaluation`: values may have changed; ask again (`again`:
 * also if the version is known already, because a rule has begun or ended). The last is OFREP's; its clients ignore the others.
 */
export type ClientStreamEvent =
  | {
      readonly type: 'hello'
      readonly version: number
      readonly heartbeatMs: number
      readonly cutOff: boolean
    }
  | { readonly type: 'heartbeat' }
  | { readonly type: 'state'; readonly cutOff: boolean }
  | { readonly type: 'refetchEvaluation'; readonly version: number; readonly again?: true }
