import { md5 } from '../hashes/md5.ts'
import { bucketer, countPassing, type HashScheme, runningTotals, withRest } from './scheme.ts'

const SIZE = 9_998

function toPercentage(position: number): number {
  return (position / SIZE) * 100
}

/** MD5 of the ids, read as one large number, modulo 9,999. A remainder of 9,998 would be 100 %: then the ids are hashed twice over, and so on. */
function positionOf(ids: string): number {
  for (let text = ids; ; text += `,${ids}`) {
    const position = md5(text).reduce((rest, byte) => (rest * 256 + byte) % (SIZE + 1), 0)
    if (position < SIZE) return position
  }
}

/**
 * Flagsmith's percentage splits of segments and its multivariate values: MD5 of `salt,id`, where the salt is the id of the
 * segment, or of the feature state. A share takes the step at its limit in (`hashed <= percent`). UTF-8.
 */
export const flagsmith: HashScheme = {
  step: 0.001,
  share: (salt, percent) => ({
    bucketer: bucketer(SIZE, id => positionOf(`${salt},${id}`)),
    threshold: percent === 0 ? 0 : countPassing(SIZE, position => toPercentage(position) <= percent),
  }),
  split: (salt, weights) => ({
    bucketer: bucketer(SIZE, id => positionOf(`${salt},${id}`)),
    ends: withRest(
      runningTotals(weights, 100).map(end => countPassing(SIZE, position => toPercentage(position) < end)),
      weights,
    ),
  }),
}
