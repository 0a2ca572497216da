import type { ConnectionView } from '@dimmer/protocol'
import { count, counted } from '../../../shared/format/number.ts'
import type { Tone } from '../../../shared/ui/tone.ts'
import { KINDS } from './kinds.ts'

interface Standing {
  readonly tone: Tone
  readonly word: string
}

/** How a connection is, in a word: by what happened last. */
export function standingOf({ health }: Pick<ConnectionView, 'health'>): Standing {
  const { lastPassedAt, lastProblemAt } = health
  if (lastPassedAt === null && lastProblemAt === null) return { tone: 'neutral', word: 'nothing yet' }
  if (lastProblemAt === null) return { tone: 'good', word: 'works' }
  if (lastPassedAt !== null && Date.parse(lastPassedAt) > Date.parse(lastProblemAt)) {
    return { tone: 'good', word: 'works again' }
  }
  return { tone: 'bad', word: 'has a problem' }
}

/** "1,204 assignments delivered, 3 refused for good". */
export function passedWords({ kind, health }: Pick<ConnectionView, 'kind' | 'health'>): string {
  const { passes, refuses } = KINDS[kind]
  const [noun = '', ...done] = passes.split(' ')
  const passed = `${counted(health.passed, noun)} ${done.join(' ')}`
  return health.refused === 0 ? passed : `${passed}, ${count(health.refused)} ${refuses}`
}

/** The address that the other side calls, as it is pasted there. */
export const fullAddress = (origin: string, address: string): string => new URL(address, origin).href
