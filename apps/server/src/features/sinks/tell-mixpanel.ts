import { z } from 'zod'
import type { OutgoingAnswer } from '../../ports/outgoing.ts'
import {
  EVENT,
  excerpt,
  idOf,
  jsonOf,
  messageId,
  propertyOf,
  type SinkDialect,
  type SinkPlace,
  type SinkVerdict,
  type Told,
  verdictOfStatus,
} from './sink-messages.ts'

const event = (told: Told) => ({
  event: EVENT,
  properties: {
    time: told.at,
    distinct_id: idOf(told),
    $insert_id: messageId(told),
    flag: told.flag,
    variant: told.variant,
    environment: told.environment,
    ...(told.unit !== 'user' && { [told.unit]: told.unitId }),
  },
})

const person = (told: Told, token: string) => ({
  $token: token,
  $distinct_id: told.unitId,
  $set: { [propertyOf(told)]: told.variant },
})

const group = (told: Told, token: string) => ({
  $token: token,
  $group_key: told.unit,
  $group_id: told.unitId,
  $set: { [propertyOf(told)]: told.variant },
})

const post = (url: string, headers: Readonly<Record<string, string>>, body: unknown) => ({
  url,
  method: 'POST' as const,
  headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
  body: JSON.stringify(body),
})

function requests(told: readonly Told[], { url, secret }: SinkPlace) {
  const base = url.replace(/\/+$/, '')
  const authorization = `Basic ${Buffer.from(`${secret}:`).toString('base64')}`
  const people = told.filter(({ unit }) => unit === 'user')
  const groups = told.filter(({ unit }) => unit !== 'user')
  return [
    // Profiles first: should the second request fail, all of it is sent again, and setting a property twice is harmless.
    ...(people.length > 0
      ? [
          post(
            `${base}/engage?verbose=1#profile-set`,
            {},
            people.map(one => person(one, secret)),
          ),
        ]
      : []),
    ...(groups.length > 0
      ? [
          post(
            `${base}/groups?verbose=1#group-set`,
            {},
            groups.map(one => group(one, secret)),
          ),
        ]
      : []),
    post(`${base}/import?strict=1`, { authorization }, told.map(event)),
  ]
}

/** Of `/import`: which records of the batch are wrong; the others are in. */
const failedRecords = z.object({
  failed_records: z.array(z.object({ index: z.number().int().min(0), message: z.string().default('refused') })).min(1),
})
/** Of `/engage` and `/groups` with verbose=1. */
const profileAnswer = z.object({ status: z.literal(0), error: z.string().nullish() })

function verdict(answer: OutgoingAnswer): SinkVerdict {
  const byStatus = verdictOfStatus(answer)
  if (byStatus !== undefined) return byStatus
  const body = jsonOf(answer.text)
  const failed = failedRecords.safeParse(body)
  if (failed.success) {
    const refused = failed.data.failed_records.map(({ index, message }) => ({ index, reason: excerpt(message) }))
    return { kind: 'some', refused, rest: 'taken' }
  }
  const profile = profileAnswer.safeParse(body)
  if (profile.success) return { kind: 'split', reason: excerpt(profile.data.error ?? 'it refused a profile') }
  if (answer.status < 300) return { kind: 'taken' }
  return { kind: 'split', reason: `It answered ${answer.status}: ${excerpt(answer.text)}` }
}

/** developer.mixpanel.com: "Import Events", "Set Property", "Group Set Property". */
export const mixpanel: SinkDialect = { most: 200, requests, verdict }
