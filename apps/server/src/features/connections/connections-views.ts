import type { ConnectionKind, ConnectionView } from '@dimmer/protocol'
import type { ConnectionRow } from './connections-store.ts'

/** Kinds that call us, at an address of their own. */
const CALLS_US: readonly ConnectionKind[] = ['tickets', 'zendesk', 'intercom']

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

export const viewConnection = (row: ConnectionRow): ConnectionView => ({
  key: row.key,
  kind: row.kind,
  name: row.name,
  settings: row.settings,
  createdAt: row.created_at.toISOString(),
  address: CALLS_US.includes(row.kind) ? `/hooks/v1/tickets/${row.id}` : null,
  health: {
    passed: row.passed,
    refused: row.refused,
    lastPassedAt: iso(row.last_passed_at),
    lastProblemAt: iso(row.last_problem_at),
    lastProblem: row.last_problem,
  },
})
