import type { ChangeRequestView, Role, SessionView } from '@dimmer/protocol'
import { listed } from '../../shared/format/number.ts'
import type { Tone } from '../../shared/ui/tone.ts'

interface Standing {
  readonly tone: Tone
  readonly word: string
}

/** Enough of the right people have approved it, or nobody has to. */
export const isApproved = ({ status, approvals }: Pick<ChangeRequestView, 'status' | 'approvals'>): boolean =>
  status === 'open' && approvals.given >= approvals.needed

/** Nobody has applied or cancelled it. */
export const isWaiting = ({ status }: Pick<ChangeRequestView, 'status'>): boolean =>
  status === 'open' || status === 'rejected'

/** How a request stands, in a word. */
export function standingOf(
  request: Pick<ChangeRequestView, 'status' | 'approvals' | 'conflict' | 'applyAt'>,
): Standing {
  if (request.status === 'applied') return { tone: 'good', word: 'applied' }
  if (request.status === 'rejected') return { tone: 'bad', word: 'rejected' }
  if (request.status === 'cancelled') return { tone: 'neutral', word: 'cancelled' }
  if (request.conflict) return { tone: 'warn', word: 'conflict' }
  if (!isApproved(request)) {
    return { tone: 'info', word: `${request.approvals.given} of ${request.approvals.needed} approvals` }
  }
  if (request.applyAt !== null) return { tone: 'good', word: 'scheduled' }
  return { tone: 'good', word: request.approvals.needed === 0 ? 'needs no approval' : 'approved' }
}

/** What a request changes: 'new-pdf-engine in production', 'the segment pilots'. */
export const subjectOf = (request: ChangeRequestView): string =>
  request.kind === 'flag' ? `${request.flag} in ${request.environment}` : `the segment ${request.segment}`

/** Why it can't be approved now by somebody whose role may; undefined if it can. */
export function whyNotApprovable(
  { author, status, writers }: Pick<ChangeRequestView, 'author' | 'status' | 'writers'>,
  session: SessionView | undefined,
): string | undefined {
  if (status !== 'open') return 'It was rejected. It can be approved once its author has changed it.'
  const reader = session?.person?.id
  if (reader === undefined || !writers.includes(reader)) return undefined
  const asked = (author.kind === 'key' ? author.person?.id : author.id) === reader
  return `You have ${asked ? 'asked for' : 'edited'} this change yourself; somebody else must approve it.`
}

/** What an approval by this role is worth; undefined: it counts. */
export const whyNotCounted = (
  { approvals }: Pick<ChangeRequestView, 'approvals'>,
  role: Role | undefined,
): string | undefined =>
  role === undefined || approvals.needed === 0 || approvals.roles.includes(role)
    ? undefined
    : `Your role here is ${role}. You can say what you think, but only approvals by ${listed(approvals.roles, 'or')} count.`

/** Why it can't be applied now by somebody whose role may; undefined if it can. */
export function whyNotApplicable(
  request: Pick<ChangeRequestView, 'status' | 'approvals' | 'conflict'>,
): string | undefined {
  if (request.conflict) return 'It was changed since. Ask anew first.'
  if (isApproved(request)) return undefined
  if (request.status === 'rejected') return 'It was rejected.'
  const { given, needed } = request.approvals
  return `It has ${given} of ${needed} approvals.`
}

/** Where its change takes place: that of a segment is everywhere. */
export const placeOf = (project: string, request: ChangeRequestView) =>
  request.kind === 'flag' ? { project, environment: request.environment } : { project, everywhere: true }
