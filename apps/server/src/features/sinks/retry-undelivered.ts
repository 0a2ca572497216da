import type { UndeliveredRetried } from '@dimmer/protocol'
import { AppError } from '../../kernel/errors.ts'
import { noConnection, noteHealth, selectConnection } from '../connections/index.ts'
import type { Environment } from '../projects/index.ts'
import { deliver } from './deliver.ts'
import { deleteDeadLetters, selectDeadLetters } from './sinks-store.ts'
import { isSink, type SinkDeps, type SinkRow, wayTo } from './tell-sinks.ts'

const AT_ONCE = 500

/** A connection that tells others; refuses with `connection-not-found`. */
export async function findSink({ db }: SinkDeps, environment: Environment, key: string): Promise<SinkRow> {
  const row = await selectConnection(db, environment.id, key)
  if (row === undefined || !isSink(row)) throw noConnection(environment, key)
  return row
}

/** Sends the oldest undelivered once more, after somebody has mended what was wrong. */
export async function retryUndelivered(deps: SinkDeps, row: SinkRow): Promise<UndeliveredRetried> {
  const way = wayTo(deps, row)
  if (way === undefined)
    throw new AppError('not-configured', 'Its secret cannot be read: set DIMMER_SECRET_KEY as it was.')
  return deps.db.transaction().execute(async tx => {
    const letters = await selectDeadLetters(tx, row.id, AT_ONCE)
    const byTold = new Map(letters.map(({ assignment, id }) => [assignment, id]))
    let because: string | undefined
    const delivered: string[] = []
    const all = [...byTold.keys()]
    for (let from = 0; from < all.length && because === undefined; from += way.dialect.most) {
      const went = await deliver(way, all.slice(from, from + way.dialect.most))
      delivered.push(...went.taken.flatMap(told => byTold.get(told) ?? []))
      because = went.problem?.reason ?? went.refused[0]?.reason
    }
    await deleteDeadLetters(tx, delivered)
    await noteHealth(tx, row.id, { at: new Date(deps.clock.now()), passed: delivered.length })
    return {
      delivered: delivered.length,
      left: letters.length - delivered.length,
      ...(because !== undefined && { because }),
    }
  })
}
