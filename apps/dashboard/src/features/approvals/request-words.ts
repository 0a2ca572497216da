import type { ChangeRequestView } from '@dimmer/protocol'
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
  return { tone: 'good', word: request.applyAt === null ? 'approved' : 'scheduled' }
}

/** What a request changes: 'new-pdf-engine in production', 'the segment pilots'. */
export const subjectOf = (request: ChangeRequestView): string =>
  request.kind === 'flag' ? `${request.flag} in ${request.environment}` : `the segment ${request.segment}`
