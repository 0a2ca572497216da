import type { LiveEvent } from '@dimmer/protocol'
import type { Db, Tx } from '../../kernel/database.ts'
import type { FlagDeps } from '../flags/index.ts'
import type { Environment } from '../projects/index.ts'

export interface ApprovalDeps extends FlagDeps {
  /** Ids of the people who may approve changes here. */
  readonly approvers: (db: Db | Tx, environment: Environment) => Promise<readonly string[]>
  /** Tells the dashboards of all nodes. */
  readonly announce: (projectKey: string, event: LiveEvent) => void
}
