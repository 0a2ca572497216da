/** `npm run audit:verify`: checks the journal in the database, or in an export, and says where it first breaks. */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { AuditAnchor, AuditProblem } from '@dimmer/protocol'
import { readDatabase } from './composition.ts'
import { ConfigError, readConfig } from './config.ts'
import { checkExport, ExportLineError, verifyJournal } from './features/audit/index.ts'

const USAGE = `npm run audit:verify -- [FILE] [--head SEQ:HASH] [--part]

Without FILE: the journal of DATABASE_URL, or of the embedded database (which must not be running).
FILE          an export, as GET /api/v1/audit/export gives it
--head        an end of the chain that you kept: finds a tail that was cut off, and a journal that was rewritten
--part        the export is of one project or filtered: other entries lie between

Exit code: 0 intact, 1 could not be checked, 2 tampered with.`

const TAMPERED = 2

/** Nothing could be checked, for a reason that whoever runs it can mend. */
class UsageError extends Error {}

interface Wanted {
  readonly file: string | undefined
  readonly anchor: AuditAnchor | undefined
  readonly part: boolean
}

function anchorOf(text: string): AuditAnchor {
  const [, seq, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? []
  if (seq === undefined || hash === undefined) {
    throw new UsageError(`--head is SEQ:HASH, as this command prints it; "${text}" is not.`)
  }
  return { seq: Number(seq), hash }
}

function readArguments(args: readonly string[]): Wanted {
  const options = { head: { type: 'string' }, part: { type: 'boolean' }, help: { type: 'boolean' } } as const
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [file, ...more] = positionals
    if (values.help === true || more.length > 0) throw new UsageError(USAGE)
    if (values.part === true && file === undefined) throw new UsageError('--part is for an export; name its file.')
    return { file, anchor: values.head === undefined ? undefined : anchorOf(values.head), part: values.part ?? false }
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  }
}

interface Checked {
  readonly entries: number
  readonly redacted: number
  readonly end: AuditAnchor | undefined
  readonly problem: AuditProblem | null | undefined
}

async function checkFile(file: string, { anchor, part }: Wanted): Promise<Checked> {
  const text = await readFile(file, 'utf8')
  const { last: end, ...checked } = checkExport(text.split('\n'), { part, ...(anchor && { anchor }) })
  return { ...checked, end }
}

async function checkDatabase({ anchor }: Wanted): Promise<Checked> {
  const clock = { now: () => Date.now() }
  const { head: end, ...checked } = await readDatabase(readConfig(), db => verifyJournal({ db, clock }, anchor))
  return { ...checked, end }
}

function print({ entries, redacted, end, problem }: Checked): void {
  if (problem) {
    console.log(`Tampered with: ${problem.message} (${problem.kind}, entry ${problem.seq})`)
    process.exitCode = TAMPERED
    return
  }
  console.log(`Intact: ${entries} entries${redacted === 0 ? '' : `, ${redacted} of them redacted by an erasure`}.`)
  if (end !== undefined) console.log(`Keep this elsewhere, for the next check: --head ${end.seq}:${end.hash}`)
}

/** What the person who runs it can mend: one line. Anything else: with its stack. */
function explain(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === '42P01') return 'this database has no journal: Dimmer was never started on it.'
  const expected = error instanceof UsageError || error instanceof ConfigError || error instanceof ExportLineError
  if (expected || error.name === 'EmbeddedPostgresError' || code !== '') return error.message
  return undefined
}

async function main(): Promise<void> {
  const wanted = readArguments(process.argv.slice(2))
  print(wanted.file === undefined ? await checkDatabase(wanted) : await checkFile(wanted.file, wanted))
}

main().catch((error: unknown) => {
  console.error(explain(error) ?? error)
  process.exitCode = 1
})
