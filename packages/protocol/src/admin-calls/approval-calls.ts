import { enc, query, type Send } from '../admin-sender.ts'
import type {
  ApprovalPolicyView,
  ChangeForecast,
  ChangeRequestQuery,
  ChangeRequestView,
  CreateChangeRequest,
  CreateSegmentRequest,
  EditChangeRequest,
  PutApprovalPolicy,
  Review,
} from '../approval-messages.ts'
import { REASON_HEADERS } from '../audit-messages.ts'
import { type FlagPlace, flagAddress } from './flag-calls.ts'
import { segmentAddress } from './segment-calls.ts'

export const approvalCalls = (send: Send) => {
  const policy = (project: string, environment: string) =>
    `/projects/${enc(project)}/environments/${enc(environment)}/approval-policy`
  const at = (project: string, id: string) => `/projects/${enc(project)}/change-requests/${enc(id)}`
  const act = <Body>(project: string, id: string, [action, body]: readonly [string, Body]) =>
    send<ChangeRequestView>('POST', `${at(project, id)}/${action}`, body)
  return {
    getApprovalPolicy: (project: string, environment: string) =>
      send<ApprovalPolicyView>('GET', policy(project, environment)),
    setApprovalPolicy: (project: string, environment: string, put: PutApprovalPolicy) =>
      send<ApprovalPolicyView>('PUT', policy(project, environment), put),
    requestChange: (place: FlagPlace, request: CreateChangeRequest) =>
      send<ChangeRequestView>('POST', `${flagAddress(place)}/change-requests`, request),
    requestSegmentChange: (project: string, segment: string, request: CreateSegmentRequest) =>
      send<ChangeRequestView>('POST', `${segmentAddress(project, segment)}/change-requests`, request),
    listChangeRequests: (project: string, filter: ChangeRequestQuery = {}) =>
      send<readonly ChangeRequestView[]>('GET', `/projects/${enc(project)}/change-requests${query(filter)}`),
    getChangeRequest: (project: string, id: string) => send<ChangeRequestView>('GET', at(project, id)),
    /** Who gains and loses what by it, if it were applied now. */
    forecastChangeRequest: (project: string, id: string) => send<ChangeForecast>('GET', `${at(project, id)}/forecast`),
    editChangeRequest: (project: string, id: string, edit: EditChangeRequest) =>
      send<ChangeRequestView>('PUT', at(project, id), edit),
    approveChange: (project: string, id: string, review: Review) => act(project, id, ['approve', review]),
    rejectChange: (project: string, id: string, review: Required<Review>) => act(project, id, ['reject', review]),
    commentOnChange: (project: string, id: string, comment: string) => act(project, id, ['comment', { comment }]),
    cancelChange: (project: string, id: string) => act(project, id, ['cancel', undefined]),
    /** Null takes the time back. */
    scheduleChange: (project: string, id: string, time: string | null) => act(project, id, ['schedule', { at: time }]),
    /** With `breakGlass`, the reason: without the approvals that it needs. */
    applyChange: (project: string, id: string, revision: number, { breakGlass }: { breakGlass?: string } = {}) =>
      send<ChangeRequestView>(
        'POST',
        `${at(project, id)}/apply`,
        { revision },
        breakGlass === undefined ? {} : { [REASON_HEADERS.breakGlass]: enc(breakGlass) },
      ),
  }
}
