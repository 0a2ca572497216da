import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SAMPLE, startTestServer, type TestServer } from './test-server.ts'

const COMMAND = fileURLToPath(new URL('../dist/audit-verify.js', import.meta.url))

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  folder = await mkdtemp(join(tmpdir(), 'dimmer-audit-'))
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

/** What `npm run audit:verify` runs, as a process of its own. */
async function verify(args: readonly string[], settings: Record<string, string> = {}) {
  const child = spawn(process.execPath, [COMMAND, ...args], { env: { PATH: process.env.PATH, ...settings } })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
  }
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { code, printed }
}

const stored = (...args: string[]) => verify(args, { DATABASE_URL: server.databaseUrl })

async function saveExport(name: string, address = '/api/v1/audit/export'): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, await (await fetch(`${server.url}${address}`)).text())
  return file
}

it('checks the journal in the database and an export without it, and finds what was tampered with', async () => {
  await server.admin.createProject({ key: 'other', name: 'Other' })
  await server.admin.createFlag('other', { key: 'a', type: 'boolean' })
  await server.admin.createFlag(SAMPLE.project, { key: 'b', type: 'boolean' })
  const { head, entries } = await server.admin.verifyAudit()
  const end = `${head.seq}:${head.hash}`
  expect(await stored()).toEqual({ code: 0, printed: expect.stringContaining(`Intact: ${entries} entries`) })

  const whole = await saveExport('whole.jsonl')
  const checked = await verify([whole])
  expect(checked).toEqual({ code: 0, printed: expect.stringContaining(`--head ${end}`) })
  const part = await saveExport('part.jsonl', `/api/v1/projects/${SAMPLE.project}/audit/export`)
  expect((await verify([part])).code).toBe(2)
  expect((await verify([part, '--part'])).code).toBe(0)

  await sql.raw('alter table journal disable trigger user').execute(server.db)
  await sql`update journal set body = replace(body, '"create"', '"kill"') where seq = ${head.seq}`.execute(server.db)
  expect(await stored()).toEqual({ code: 2, printed: expect.stringContaining(`Entry ${head.seq} was changed`) })
  expect((await verify([await saveExport('tampered.jsonl')])).code).toBe(2)
  // What was exported before still stands.
  expect((await verify([whole, '--head', end])).code).toBe(0)
})

it('says why it could not check', async () => {
  expect(await verify([], { DIMMER_DATA: folder })).toEqual({
    code: 1,
    printed: expect.stringContaining('no database in'),
  })
  expect(await verify(['--what'])).toEqual({ code: 1, printed: expect.stringContaining('npm run audit:verify') })
})
