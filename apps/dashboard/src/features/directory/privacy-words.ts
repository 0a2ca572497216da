import type { Erased, RetentionView } from '@dimmer/protocol'
import { count, counted } from '../../shared/format/number.ts'

/** Whom to erase. */
export interface Subject {
  readonly unit: string
  readonly id: string
  /** With an account, its users too. */
  readonly users: boolean
}

/** What goes and what stays when somebody is erased, before it is done. */
export function eraseSentences({ unit, id, users }: Subject): readonly string[] {
  const ofAccount = unit === 'account'
  return [
    `Everything stored about the ${unit} ${id} is deleted, in all environments: its attributes, exposures, events, facts, and what analytics tools were told.`,
    ...(ofAccount && users ? ['So is everything about its users.'] : []),
    ...(ofAccount && !users ? ['Its users stay, without the account.'] : []),
    'The audit log and change requests that are over stay, without the id. Running rollouts judge without this data.',
    'Rules, lists and open change requests that name it stay, and are named to you afterwards. So does what other systems and backups have.',
    'Nobody can bring it back.',
  ]
}

interface Part {
  readonly what: string
  readonly rows: number
}

/** What was deleted, part by part. */
export const erasedParts = (erased: Erased): readonly Part[] => [
  { what: 'Accounts and users', rows: erased.units },
  { what: 'Users that no longer have the account', rows: erased.unlinked },
  { what: 'Exposures', rows: erased.exposures },
  { what: 'Events', rows: erased.events },
  { what: 'Facts', rows: erased.facts },
  { what: 'Told to analytics tools', rows: erased.told },
  { what: 'Change requests it was taken out of', rows: erased.requests },
  { what: 'Entries of the audit log it was taken out of', rows: erased.redacted },
]

/** Whether there was anything to delete. */
export const foundNothing = (erased: Erased): boolean => erasedParts(erased).every(({ rows }) => rows === 0)

/** "email was deleted from 12 accounts and users." */
export const declaredWords = (attributes: readonly string[], deletedFrom: number): string =>
  deletedFrom === 0
    ? `Nothing that is stored had ${attributes.join(' or ')}.`
    : `${attributes.join(', ')} was deleted from ${counted(deletedFrom, 'entry')} of the directory.`

interface KeptLine {
  readonly what: string
  readonly howLong: string
  /** The environment variable that says so. */
  readonly setting?: string
}

const days = (value: number): string => `${count(value)} ${value === 1 ? 'day' : 'days'}`

/** What is kept how long. */
export const keptLines = ({ eventsDays, batchIdsDays, looksDays }: RetentionView): readonly KeptLine[] => [
  {
    what: 'Events: exposures as they came, and what your application tracked',
    howLong: days(eventsDays),
    setting: 'DIMMER_KEEP_EVENTS_DAYS',
  },
  {
    what: 'Ids of event batches, by which a repeated one is known',
    howLong: days(batchIdsDays),
    setting: 'DIMMER_KEEP_BATCH_IDS_DAYS',
  },
  {
    what: 'Looks at rollouts, of which charts are drawn',
    howLong: looksDays === null ? 'for ever' : days(looksDays),
    setting: 'DIMMER_KEEP_LOOKS_DAYS',
  },
  { what: 'Accounts and users, first exposures, facts per unit', howLong: 'until they are erased' },
  { what: 'The audit log', howLong: 'for ever' },
]
