import { DEFAULT_RETENTION } from './config.ts'
import { endedAmong, forgetOldAccess } from './features/access/index.ts'
import { applyDue } from './features/approvals/index.ts'
import { keepEventsHouse } from './features/metrics/index.ts'
import { trimOutbox } from './features/projects/index.ts'
import { dropOldLooks, thinLooks } from './features/rollouts/index.ts'
import { tellSinks } from './features/sinks/index.ts'
import type { AppOptions, Services } from './services.ts'

const HOUSEKEEPING_MS = 60_000
const APPLY_DUE_MS = 5_000
const TELL_SINKS_MS = 5_000

/** Work that is asked for again while it goes on is not begun twice. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let going: Promise<void> | undefined
  return () => {
    going ??= work().finally(() => {
      going = undefined
    })
    return going
  }
}

/** Makes room for what comes, and forgets what is past its time. */
export async function keepHouse(services: Services, retention = DEFAULT_RETENTION): Promise<void> {
  const { db, clock, ingest } = services
  await keepEventsHouse({ db, clock, partitions: ingest.partitions, ...retention })
  await forgetOldAccess(services)
  await thinLooks(db, clock.now())
  await trimOutbox(db, clock.now())
  if (retention.looksDays !== undefined) await dropOldLooks(db, clock.now(), retention.looksDays)
}

/** Starts what goes on beside the requests; gives what ends it. */
export async function startBackground(
  services: Services,
  { role = 'all', retention }: AppOptions,
): Promise<() => Promise<void>> {
  const { delivery, keys, runner, onError } = services
  const works = role === 'all' || role === 'worker'
  await delivery.start({
    forgetAll: () => keys.forgetAll(),
    revokedAmong: async ids => {
      const [sessions, sdkKeys] = [ids.filter(id => id.includes(':')), ids.filter(id => !id.includes(':'))]
      return [...(await keys.revokedAmong(sdkKeys)), ...(await endedAmong(services, sessions))]
    },
  })
  const housekeeping = async () => {
    await keys.saveLastUse()
    if (works) await keepHouse(services, retention)
  }
  const tell = oneAtATime(() => tellSinks(services))
  const timers = [setInterval(() => void housekeeping().catch(onError), HOUSEKEEPING_MS)]
  if (works) {
    timers.push(setInterval(() => void applyDue(services).catch(onError), APPLY_DUE_MS))
    timers.push(setInterval(() => void tell().catch(onError), TELL_SINKS_MS))
  }
  for (const timer of timers) timer.unref()
  if (works) runner.start()
  return async () => {
    for (const timer of timers) clearInterval(timer)
    await runner.stop()
    await delivery.stop()
  }
}
