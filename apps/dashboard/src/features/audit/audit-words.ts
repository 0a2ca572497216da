import type { AuditEntryView, AuditVerb } from '@dimmer/protocol'

/** What was done, as a person would say it: "anna switched on flag new-pdf-engine". */
const DONE: Readonly<Record<AuditVerb, string>> = {
  abort: 'aborted',
  apply: 'applied',
  approve: 'approved',
  archive: 'archived',
  cancel: 'cancelled',
  change: 'changed',
  comment: 'commented on',
  complete: 'completed',
  create: 'created',
  delete: 'deleted',
  disable: 'disabled',
  edit: 'edited',
  enable: 'enabled',
  erase: 'erased',
  expand: 'expanded',
  hold: 'held',
  invite: 'invited',
  kill: 'killed',
  pause: 'paused',
  reject: 'rejected',
  request: 'made',
  resume: 'resumed',
  retire: 'retired',
  revoke: 'revoked',
  'roll-back': 'rolled back',
  schedule: 'scheduled',
  share: 'set the share of',
  'sign-in': 'signed in:',
  'sign-out': 'signed out:',
  start: 'started',
  'switch-off': 'switched off',
  'switch-on': 'switched on',
  upload: 'uploaded to',
}

export const doneWord = (verb: AuditVerb): string => DONE[verb]

/** Who did it; behind a key, also whose it is. */
export const whoWords = ({ who }: Pick<AuditEntryView, 'who'>): string =>
  who.kind === 'key' && who.person !== undefined ? `${who.name} (key of ${who.person.name})` : who.name
