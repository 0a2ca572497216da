import type { FlagConfig } from '@dimmer/protocol'

const MOST_TIMES = 20

/** When rules of a config begin or end after a moment (epoch ms): earliest first, as instants. */
export function laterTimes({ rules }: FlagConfig, now: number): readonly string[] {
  const times = rules
    .flatMap(({ from, until }) => [from, until])
    .map(text => (text === undefined ? Number.NaN : Date.parse(text)))
    .filter(at => at > now)
  return [...new Set(times)]
    .sort((a, b) => a - b)
    .slice(0, MOST_TIMES)
    .map(at => new Date(at).toISOString())
}
