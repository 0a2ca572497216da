import type { LiveEvent } from '@dimmer/protocol'
import type { Db, Tx } from '../../kernel/database.ts'
import type { FlagDeps } from '../flags/index.ts'
import type { Environment } from '../projects/index.ts'

export interface ApprovalDeps extends FlagDeps {
  /** How many people may approve changes here. */
  readonly countApprovers: (db: Db | Tx, environment: Environment) => Promise<number>
  /** Tells the dashboards of all nodes. */
  readonly announce: (projectKey: string, event: LiveEvent) => void
}
