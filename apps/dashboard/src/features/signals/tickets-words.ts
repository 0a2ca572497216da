import type { TicketsUploaded } from '@dimmer/protocol'
import { count, counted } from '../../shared/format/number.ts'

/** What became of the tickets of a file. */
export function ticketsWords({ taken, unknown, duplicate }: TicketsUploaded): string {
  const parts = [
    `${counted(taken, 'ticket')} taken`,
    ...(duplicate > 0 ? [`${count(duplicate)} were there already`] : []),
    ...(unknown > 0 ? [`${count(unknown)} left out: of nobody in the directory`] : []),
  ]
  return `${parts.join(', ')}.`
}
