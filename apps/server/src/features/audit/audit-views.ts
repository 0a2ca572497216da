import type { AuditEntryView } from '@dimmer/protocol'
import { changesBetween } from '../../kernel/changes-between.ts'
import type { JournalRow } from './audit-store.ts'
import { readBody } from './journal-body.ts'

interface Details {
  readonly before?: unknown
  readonly after?: unknown
}

const detailsOf = (text: string | null): Details => (text === null ? {} : JSON.parse(text))

/** An entry as people read it; undefined if it was tampered with so that it can't be read. */
export function viewEntry(row: JournalRow): AuditEntryView | undefined {
  const body = readBody(row.body)
  if (body === undefined || row.seq === null) return undefined
  const { at, details: _details, projectId: _projectId, redacts: _redacts, ...rest } = body
  const { before, after } = detailsOf(row.details)
  return {
    seq: row.seq,
    at: new Date(at).toISOString(),
    ...rest,
    changes: changesBetween(before, after),
    redacted: row.redaction !== null,
    hash: row.hash ?? '',
  }
}

/** An entry as one line of an export (`check-export` reads it): all that is needed to check its hash elsewhere. */
export const exportLine = (row: JournalRow): string =>
  `${JSON.stringify({
    seq: row.seq,
    previous: row.previous,
    hash: row.hash,
    body: JSON.parse(row.body),
    details: row.details === null ? null : JSON.parse(row.details),
    salt: row.details_salt,
    redaction: row.redaction,
  })}\n`
