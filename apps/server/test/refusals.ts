import { AdminApiError, ERRORS, type ErrorCode } from '@dimmer/protocol'
import { sql } from 'kysely'
import { expect } from 'vitest'
import { ask, type RawAnswer, type RawRequest } from './raw-http.ts'
import { SAMPLE, type TestServer } from './test-server.ts'

/** The answer is an error of the catalogue with its own status, and lets nobody see into the server. */
export function expectRefusal(answer: Pick<RawAnswer, 'status' | 'text'>, code: ErrorCode): void {
  const body: unknown = JSON.parse(answer.text)
  expect(body).toMatchObject({ error: { code, message: expect.stringMatching(/\w/) } })
  expect(answer.status).toBe(ERRORS[code].status)
  expect(answer.text).not.toMatch(/node_modules|\.[tj]s:\d+|\\n\s+at |select .* from|insert into/i)
}

/** Everything that a request could have changed. */
const everything = async ({ admin, db }: TestServer) => ({
  projects: await admin.listProjects(),
  flags: await admin.listFlags(SAMPLE.project),
  rollouts: await admin.listRollouts(SAMPLE.project),
  keys: (await admin.listSdkKeys(SAMPLE.project, SAMPLE.environment)).length,
  events: (
    await sql`select (select count(*) from events) as tracks, (select count(*) from exposure_counts) as counts,
      (select count(*) from directory_units) as units, (select count(*) from event_batches) as batches`.execute(db)
  ).rows,
})

/** The request is refused with this code, and nothing is different from before. */
export async function expectNothingButRefusal(server: TestServer, asked: RawRequest, code: ErrorCode): Promise<void> {
  const before = await everything(server)
  expectRefusal(await ask(server.url, asked), code)
  expect(await everything(server)).toEqual(before)
}

/** The code with which a call of the admin client was refused. */
export const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'nothing refused',
    (error: unknown) => (error instanceof AdminApiError ? error.code : `no refusal: ${String(error)}`),
  )
