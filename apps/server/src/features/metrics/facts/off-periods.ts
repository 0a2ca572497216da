import type { Db } from '../../../kernel/database.ts'
import { selectSwitches } from '../../projects/index.ts'
import { MAX_TIME, type Period, type Treatment } from './fact-subject.ts'

/** When the flag was off since the first version that counts; a period that lasts ends at the end of time. */
export async function offPeriods(
  db: Db,
  { environmentId, flagKey, fromVersion }: Treatment,
): Promise<readonly Period[]> {
  const switches = await selectSwitches(db, environmentId, { key: flagKey, sinceVersion: fromVersion })
  const periods = switches.flatMap(({ at, on }, index) =>
    on ? [] : [{ from: at.getTime(), to: switches[index + 1]?.at.getTime() ?? MAX_TIME }],
  )
  return joined(periods)
}

/** Periods that follow each other without a gap are one: a change while it is off doesn't switch it. */
function joined(periods: readonly Period[]): readonly Period[] {
  const all: Period[] = []
  for (const { from, to } of periods) {
    const last = all.at(-1)
    if (last === undefined || last.to < from) all.push({ from, to })
    else all.splice(-1, 1, { from: last.from, to })
  }
  return all
}
