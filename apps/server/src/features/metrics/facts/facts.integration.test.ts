import { randomUUID } from 'node:crypto'
import type { FirstExposure, Track } from '@dimmer/protocol'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { countAllRows, type Everything } from '../../../../test/all-rows.ts'
import { createTestDatabase, type TestDatabase } from '../../../../test/test-database.ts'
import { type OpenedDatabase, openDatabase } from '../../../adapters/postgres-database.ts'
import { migrate } from '../../../migrations/migrate.ts'
import { Ingest } from '../ingest/ingest.ts'
import { selectDurations } from './durations.ts'
import type { FactSubject, Measure, Period, StageWindow } from './fact-subject.ts'
import { selectMinutes } from './minutes.ts'
import { selectUnitNumbers, type UnitNumbers } from './unit-numbers.ts'
import { updateFacts } from './update-facts.ts'

const START = Date.UTC(2026, 4, 10, 12)
const MINUTE = 60_000

let database: TestDatabase
let opened: OpenedDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  opened = openDatabase({ connectionString: database.url })
  await migrate(opened.db)
  await sql`insert into projects values ('p', 'p', 'P', '{}', now())`.execute(opened.db)
})
afterAll(async () => {
  await opened.close()
  await database.drop()
})

/** An environment of its own, so that runs don't see each other. */
async function newEnvironment(): Promise<string> {
  const id = randomUUID()
  await sql`insert into environments (id, project_id, key, name, position) values (${id}, 'p', ${id}, ${id}, 0)`.execute(
    opened.db,
  )
  return id
}

const PLAIN: Measure = {
  of: { event: 'used', field: 'count' },
  slowMs: 500,
  timedOnly: false,
  afterMs: 0,
  withinMs: null,
  endsWithStage: true,
  runs: true,
  minutes: true,
  durations: false,
  sumsBefore: false,
}

const WINDOW: Measure = { ...PLAIN, endsWithStage: false, runs: false, minutes: false }

/** What somebody may want to know of the same events. */
const MEASURES: Readonly<Record<string, Measure>> = {
  errors: PLAIN,
  latency: { ...PLAIN, timedOnly: true, runs: false, minutes: false, durations: true },
  adoption: { ...WINDOW, withinMs: 4 * MINUTE },
  retention: { ...WINDOW, afterMs: 3 * MINUTE, withinMs: 5 * MINUTE },
  split: { ...WINDOW, withinMs: 4 * MINUTE },
  revenue: { ...WINDOW, of: { event: 'paid', field: 'value' } },
  ratio: {
    ...WINDOW,
    of: { event: 'paid', field: 'value' },
    per: { event: 'used', field: 'ms' },
    withinMs: 8 * MINUTE,
    sumsBefore: true,
  },
}

const stage = (
  number: number,
  [from, until]: [number, number | null],
  [began, ended]: [number, number | null],
): StageWindow => ({
  stage: number,
  share: 0.25 * (number + 1),
  fromVersion: from,
  untilVersion: until,
  startedAt: START + began * MINUTE,
  endedAt: ended === null ? null : START + ended * MINUTE,
})

/** How the rollout stood as time went on: a second stage begins, a third, and the flag is off for a while. */
const STAGES: readonly (readonly StageWindow[])[] = [
  [stage(0, [10, null], [0, null])],
  [stage(0, [10, 20], [0, 5]), stage(1, [20, null], [5, null])],
  [stage(0, [10, 20], [0, 5]), stage(1, [20, 30], [5, 10]), stage(2, [30, null], [10, null])],
]
const OFF: readonly Period[] = [{ from: START + 6 * MINUTE, to: START + 7 * MINUTE }]

/** Some of it lies before the first stage. */
const minute = fc.integer({ min: -4 * 60, max: 14 * 60 }).map(second => START + second * 1_000)
const unitId = fc.integer({ min: 0, max: 5 }).map(number => `acc-${number}`)

const track: fc.Arbitrary<Track> = fc
  .record({
    name: fc.constantFrom('used', 'used', 'used', 'paid', 'other'),
    at: minute,
    id: unitId,
    ok: fc.boolean(),
    ms: fc.option(fc.constantFrom(100, 500, 501, 2_000), { nil: undefined }),
    value: fc.option(fc.constantFrom(-3.1, 0.1, 0.2, 1e9, 7), { nil: undefined }),
  })
  .map(({ id, ms, value, ...rest }) => ({
    ...rest,
    units: { account: id, user: 'u' },
    ...(ms === undefined ? {} : { ms }),
    ...(value === undefined ? {} : { value }),
  }))

/** The version of the flag tells in which stage it was served; mostly as it should be, now and then crossed. */
const exposure: fc.Arbitrary<FirstExposure> = fc
  .record({
    at: minute,
    unitId,
    rule: fc.constantFrom('rollout', 'rollout', 'held', 'held', 'fallthrough', 'vip', 'other-flag'),
    version: fc.constantFrom(9, 10, 11, 20, 21, 30, 31),
  })
  .map(({ at, unitId, rule, version }) => ({
    flag: rule === 'other-flag' ? 'elsewhere' : 'flag',
    flagVersion: version,
    variant: rule !== 'held' && rule !== 'fallthrough' ? 'on' : version === 31 ? 'other' : 'off',
    unit: 'account',
    unitId,
    rule: rule === 'held' || rule === 'fallthrough' ? null : rule,
    heldOutBy: rule === 'held' ? 'rollout' : null,
    at,
  }))

/** Everything that is sent, in batches; each is sent in one of three rounds, some of them twice. */
const stream = fc.array(
  fc.record({
    exposures: fc.array(exposure, { maxLength: 6 }),
    tracks: fc.array(track, { maxLength: 25 }),
    round: fc.integer({ min: 0, max: 2 }),
    again: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 8 },
)

const NOW = START + 15 * MINUTE

/** The fallthrough's variants are compared, of all versions. */
const SPLIT = { ruleId: '', compare: 'variants' } as const

const subjectOf = (environmentId: string, name: string, round: number): FactSubject => ({
  owner: environmentId,
  metricId: name,
  treatment: {
    environmentId,
    flagKey: 'flag',
    ruleId: 'rollout',
    unit: 'account',
    fromVersion: 10,
    untilVersion: null,
    ...(name === 'split' && SPLIT),
  },
  stages: name === 'split' ? (STAGES[0] ?? []) : (STAGES[round] ?? []),
  measure: MEASURES[name] ?? PLAIN,
  off: round === 0 ? [] : OFF,
})

const unordered = (numbers: readonly UnitNumbers[]) =>
  [...numbers].sort((a, b) => a.begun - b.begun || (a.unitId < b.unitId ? -1 : 1))

/** Sums to the sixth decimal: floats add up differently in another order. */
const nearly = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, nearly(one)]))
    : typeof value === 'number' && !Number.isInteger(value) && Number.isFinite(value)
      ? expect.closeTo(value, 6)
      : value

it.each(Object.keys(MEASURES))(
  '%s: folding what is new gives the numbers of counting everything, whatever comes late, twice or in disorder',
  async name => {
    await fc.assert(
      fc.asyncProperty(stream, async batches => {
        const environmentId = await newEnvironment()
        const ingest = new Ingest({ db: opened.db, clock: { now: () => NOW } })
        const sent: Pick<Everything, 'exposures' | 'tracks'>[] = []
        let early: readonly Track[] = []
        const ids = batches.map(() => randomUUID())
        const send = async (index: number, first: boolean) => {
          const { exposures: firstExposures = [], tracks = [] } = batches[index] ?? {}
          if (first) sent.push({ exposures: firstExposures, tracks })
          const body = { batchId: ids[index] ?? '', sentAt: NOW, exposures: [], identifies: [], dropped: 0 }
          await ingest.take({ environmentId, projectId: 'p' }, { ...body, firstExposures, tracks })
        }
        for (let round = 0; round < 3; round++) {
          const due = batches.flatMap((one, index) => (one.round === round ? [index] : []))
          await Promise.all(due.map(index => send(index, true)))
          const again = batches.flatMap((one, index) => (one.again === round && one.round <= round ? [index] : []))
          await Promise.all(again.map(index => send(index, false)))
          const subject = subjectOf(environmentId, name, round)
          const series = await updateFacts(opened.db, subject, NOW)
          const tracks = sent.flatMap(one => one.tracks)
          if (round === 0) early = tracks
          const all = countAllRows(subject, { exposures: sent.flatMap(one => one.exposures), tracks, early })
          expect(unordered(await selectUnitNumbers(opened.db, series))).toEqual(unordered(all.units).map(nearly))
          expect(await selectMinutes(opened.db, series)).toEqual(all.minutes.map(nearly))
          expect(await selectDurations(opened.db, series)).toEqual(all.durations)
        }
      }),
      { numRuns: 15 },
    )
  },
  120_000,
)
