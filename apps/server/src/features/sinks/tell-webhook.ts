import { createHmac } from 'node:crypto'
import type { OutgoingAnswer } from '../../ports/outgoing.ts'
import {
  EVENT,
  excerpt,
  messageId,
  propertyOf,
  type SinkDialect,
  type SinkPlace,
  type SinkVerdict,
  type Told,
  verdictOfStatus,
} from './sink-messages.ts'

const who = ({ unit, unitId }: Told) =>
  unit === 'user' ? { userId: unitId } : { anonymousId: `${unit}:${unitId}`, context: { groupId: unitId } }

/** Two messages for each: the event, and the property on whom it is about. */
function messages(told: Told) {
  const timestamp = new Date(told.at).toISOString()
  const { flag, variant, environment, unit, unitId } = told
  const traits = { [propertyOf(told)]: variant }
  const id = messageId(told)
  return [
    {
      type: 'track',
      messageId: `${id}-t`,
      timestamp,
      event: EVENT,
      properties: { flag, variant, environment, unit, unitId },
      ...who(told),
    },
    unit === 'user'
      ? { type: 'identify', messageId: `${id}-i`, timestamp, userId: unitId, traits }
      : { type: 'group', messageId: `${id}-g`, timestamp, anonymousId: `${unit}:${unitId}`, groupId: unitId, traits },
  ]
}

function requests(told: readonly Told[], { url, secret, now }: SinkPlace) {
  const body = JSON.stringify({ batch: told.flatMap(messages), sentAt: new Date(now).toISOString() })
  const signature = createHmac('sha256', secret).update(`${now}.`).update(body).digest('hex')
  return [
    {
      url,
      method: 'POST' as const,
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${secret}:`).toString('base64')}`,
        'dimmer-timestamp': String(now),
        'dimmer-signature': signature,
      },
      body,
    },
  ]
}

function verdict(answer: OutgoingAnswer): SinkVerdict {
  const byStatus = verdictOfStatus(answer)
  if (byStatus !== undefined) return byStatus
  if (answer.status < 300) return { kind: 'taken' }
  return { kind: 'split', reason: `It answered ${answer.status}: ${excerpt(answer.text)}` }
}

/** segment.com/docs: "HTTP API", batch. Signed besides, for those who take it themselves. */
export const webhook: SinkDialect = { most: 100, requests, verdict }
