import { type Outgoing, OutgoingError, type OutgoingRequest } from '../../ports/outgoing.ts'
import type { SinkDialect, SinkPlace, SinkVerdict, Told } from './sink-messages.ts'

/** What became of a batch. */
export interface Delivered {
  readonly taken: readonly Told[]
  readonly refused: readonly { readonly told: Told; readonly reason: string }[]
  /** Why it stopped; what is neither taken nor refused has to be sent again. */
  readonly problem?: { readonly reason: string; readonly afterMs?: number }
}

const NOTHING: Delivered = { taken: [], refused: [] }

async function ask(
  outgoing: Outgoing,
  dialect: SinkDialect,
  requests: readonly OutgoingRequest[],
): Promise<SinkVerdict> {
  let verdict: SinkVerdict = { kind: 'taken' }
  for (const request of requests) {
    try {
      verdict = dialect.verdict(await outgoing.send(request))
    } catch (error) {
      if (!(error instanceof OutgoingError)) throw error
      return { kind: 'again', reason: error.message }
    }
    if (verdict.kind !== 'taken') return verdict
  }
  return verdict
}

const both = (left: Delivered, right: Delivered): Delivered => ({
  taken: [...left.taken, ...right.taken],
  refused: [...left.refused, ...right.refused],
  ...(right.problem && { problem: right.problem }),
})

/** Sends a batch; where it is refused as a whole, its halves, until those that spoil it are found. */
export async function deliver(
  to: { readonly outgoing: Outgoing; readonly dialect: SinkDialect; readonly place: SinkPlace },
  told: readonly Told[],
): Promise<Delivered> {
  if (told.length === 0) return NOTHING
  const verdict = await ask(to.outgoing, to.dialect, to.dialect.requests(told, to.place))
  switch (verdict.kind) {
    case 'taken':
      return { taken: told, refused: [] }
    case 'again':
      return { ...NOTHING, problem: verdict }
    case 'some': {
      const reasons = new Map(verdict.refused.map(({ index, reason }) => [index, reason]))
      const refused = told.flatMap((one, index) => {
        const reason = reasons.get(index)
        return reason === undefined ? [] : [{ told: one, reason }]
      })
      const rest = told.filter((_, index) => !reasons.has(index))
      if (refused.length === 0) return { ...NOTHING, problem: { reason: 'It refused something that was not sent.' } }
      return both(
        { taken: [], refused },
        verdict.rest === 'taken' ? { taken: rest, refused: [] } : await deliver(to, rest),
      )
    }
    case 'split': {
      if (told.length === 1) return { taken: [], refused: told.map(one => ({ told: one, reason: verdict.reason })) }
      const middle = Math.ceil(told.length / 2)
      const left = await deliver(to, told.slice(0, middle))
      return left.problem ? left : both(left, await deliver(to, told.slice(middle)))
    }
  }
}
