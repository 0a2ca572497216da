/** Checks an export of the journal where there is no server. Pure. */
import type { AuditAnchor, AuditProblem } from '@dimmer/protocol'
import { z } from 'zod'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import type { JournalRow } from './audit-store.ts'
import { ChainCheck } from './chain-check.ts'

/** A line that is none of an export; its number counts from 1. */
export class ExportLineError extends Error {
  override readonly name = 'ExportLineError' as const
}

const lineSchema = z.object({
  seq: z.number().int().min(1),
  previous: z.string(),
  hash: z.string(),
  body: z.record(z.string(), z.unknown()),
  details: z.record(z.string(), z.unknown()).nullable(),
  salt: z.string().nullable(),
  redaction: z.string().nullable(),
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The entry as it lay in the database: what was hashed is canonical, so its text can be had again. */
function rowOf(text: string, line: number): JournalRow & { readonly seq: number } {
  const read = lineSchema.safeParse(parsed(text))
  if (!read.success) throw new ExportLineError(`Line ${line} is no entry of an export.`)
  const { body, details, salt, ...rest } = read.data
  return {
    id: rest.seq,
    ...rest,
    body: canonicalJson(body),
    details: details === null ? null : canonicalJson(details),
    details_salt: salt,
  }
}

export interface ExportCheck {
  readonly intact: boolean
  readonly entries: number
  readonly redacted: number
  /** The last entry of the file; undefined: it has none. */
  readonly last: AuditAnchor | undefined
  readonly problem: AuditProblem | undefined
}

/**
 * Checks the lines of an export, in whatever order. Of the whole journal, nothing may be missing from the first entry to
 * the last in the file; `part`: of a project or a filter, where others lie between. What was cut off at the end shows
 * only against an `anchor`, an end that was kept elsewhere.
 *
 * @throws ExportLineError
 */
export function checkExport(
  lines: Iterable<string>,
  { anchor, part = false }: { readonly anchor?: AuditAnchor; readonly part?: boolean } = {},
): ExportCheck {
  const rows = [...lines].flatMap((text, index) => (text.trim() === '' ? [] : [rowOf(text, index + 1)]))
  const check = new ChainCheck(anchor)
  for (const row of rows.toSorted((a, b) => a.seq - b.seq)) {
    if (part) check.skipTo(row)
    check.add(row)
  }
  // In a part, the erasures that answer for redactions may be elsewhere.
  if (!part) check.assertAnswered()
  check.assertReached()
  const { entries, redacted, problem, last } = check
  return { intact: problem === undefined, entries, redacted, last: entries === 0 ? undefined : last, problem }
}
