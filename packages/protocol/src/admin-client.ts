/** A typed client of the admin API: the one place that knows its paths. Used by the dashboard, scripts and tests. */
import type { Context, FlagKey, RuleId, Share } from '@dimmer/engine'
import type { PlanInput } from '@dimmer/rollout'
import type {
  AccountView,
  ChangePassword,
  CreatePersonalKey,
  InvitationView,
  Invite,
  Invited,
  LinkView,
  MemberView,
  NewPersonalKey,
  PasswordLink,
  PersonalKeyView,
  ProjectRoleInput,
  Role,
  SessionPlace,
  SessionView,
  SetUp,
  SignIn,
  TakeLink,
} from './access-messages.ts'
import type {
  CreateFlag,
  CreateProject,
  CreateSdkKey,
  DecisionView,
  FlagChanged,
  FlagConfig,
  FlagView,
  InstanceView,
  KillAnswer,
  NewSdkKey,
  ProjectView,
  PutFlagConfig,
  ReceiptSummary,
  RolloutAction,
  RolloutSeries,
  RolloutView,
  SdkKeyView,
  StaleReport,
  UpdateFlag,
} from './admin-messages.ts'
import { type AdminClientOptions, enc, query, type Send, sender } from './admin-sender.ts'
import type {
  ApprovalPolicyView,
  ChangeRequestQuery,
  ChangeRequestView,
  CreateChangeRequest,
  EditChangeRequest,
  PutApprovalPolicy,
  Review,
} from './approval-messages.ts'
import type { AuditAnchor, AuditPage, AuditSearch, AuditVerification } from './audit-messages.ts'
import { REASON_HEADERS } from './audit-messages.ts'
import type {
  ConnectionView,
  CreateConnectionInput,
  NewConnection,
  UndeliveredRetried,
  UndeliveredView,
} from './connection-messages.ts'
import type {
  AttributeView,
  DirectoryUploaded,
  Erased,
  ForecastNames,
  ForecastNamesQuery,
  ForecastView,
  UploadDirectory,
} from './directory-messages.ts'
import type { EventHealth } from './event-messages.ts'
import type { ExperimentView, ReadExperiment } from './experiment-messages.ts'
import type {
  PatchSegment,
  PreviewSegment,
  PutSegment,
  SegmentIds,
  SegmentIdsQuery,
  SegmentMembers,
  SegmentView,
} from './segment-messages.ts'
import type { PrivateAttributes, PrivateAttributesPut, PutUnit, UnitView } from './unit-messages.ts'

/** Where a flag's config lives. */
export interface FlagPlace {
  readonly project: string
  readonly flag: FlagKey
  readonly environment: string
}

const flagAddress = (place: FlagPlace) =>
  `/projects/${enc(place.project)}/flags/${enc(place.flag)}/environments/${enc(place.environment)}`

const flagCalls = (send: Send) => {
  const at = flagAddress
  return {
    listFlags: (project: string) => send<readonly FlagView[]>('GET', `/projects/${enc(project)}/flags`),
    getFlag: (project: string, flag: string) => send<FlagView>('GET', `/projects/${enc(project)}/flags/${enc(flag)}`),
    createFlag: (project: string, flag: CreateFlag) => send<FlagView>('POST', `/projects/${enc(project)}/flags`, flag),
    updateFlag: (project: string, flag: string, change: UpdateFlag) =>
      send<FlagView>('PATCH', `/projects/${enc(project)}/flags/${enc(flag)}`, change),
    archiveFlag: (project: string, flag: string) =>
      send<FlagView>('DELETE', `/projects/${enc(project)}/flags/${enc(flag)}`),
    putFlagConfig: (place: FlagPlace, config: PutFlagConfig) => send<FlagChanged>('PUT', at(place), config),
    /** Switches on or off and answers at once. */
    switchFlag: (place: FlagPlace, on: boolean) => send<FlagChanged>('POST', `${at(place)}/switch`, { on }),
    /** Switches off and waits up to `waitMs` (at most 10,000) for every connected SDK instance to confirm. */
    kill: (place: FlagPlace, waitMs = 2_000) => send<KillAnswer>('POST', `${at(place)}/kill${query({ waitMs })}`),
    setShare: (place: FlagPlace, rule: RuleId, share: Share) =>
      send<FlagChanged>('PUT', `${at(place)}/rules/${enc(rule)}/share`, share),
    explain: (project: string, environment: string, request: { flag: FlagKey; context: Context }) =>
      send<unknown>('POST', `/projects/${enc(project)}/environments/${enc(environment)}/explain`, request),
  }
}

const connectionCalls = (send: Send) => {
  const at = (project: string, environment: string, key?: string) =>
    `/projects/${enc(project)}/environments/${enc(environment)}/connections${key === undefined ? '' : `/${enc(key)}`}`
  return {
    listConnections: (project: string, environment: string) =>
      send<readonly ConnectionView[]>('GET', at(project, environment)),
    createConnection: (project: string, environment: string, parts: CreateConnectionInput) =>
      send<NewConnection>('POST', at(project, environment), parts),
    deleteConnection: (project: string, environment: string, key: string) =>
      send<undefined>('DELETE', at(project, environment, key)),
    /** What the other side refused for good: the oldest 100. */
    listUndelivered: (project: string, environment: string, key: string) =>
      send<readonly UndeliveredView[]>('GET', `${at(project, environment, key)}/undelivered`),
    /** Sends them once more. */
    retryUndelivered: (project: string, environment: string, key: string) =>
      send<UndeliveredRetried>('POST', `${at(project, environment, key)}/undelivered/retry`),
  }
}

const directoryCalls = (send: Send) => ({
  /** Adds a batch, of at most 5,000 accounts and 5,000 users, to what is known. */
  uploadDirectory: (project: string, batch: UploadDirectory) =>
    send<DirectoryUploaded>('POST', `/projects/${enc(project)}/directory`, batch),
  /** Deletes a unit and everything that is known about it, in all environments; `users`: with an account its users too. */
  eraseUnit: (project: string, { unit, id, users = false }: { unit: string; id: string; users?: boolean }) =>
    send<Erased>(
      'DELETE',
      `/projects/${enc(project)}/directory/${enc(unit)}/${enc(id)}${query({ users: users ? 'true' : undefined })}`,
    ),
  /** What accounts and users are known by, the most common first. */
  listAttributes: (project: string) =>
    send<readonly AttributeView[]>('GET', `/projects/${enc(project)}/directory/attributes`),
  /** Who would gain, lose and keep the flag if its config were this. */
  forecast: (place: FlagPlace, config: FlagConfig, options: { by?: string; biggestBy?: string } = {}) =>
    send<ForecastView>('POST', `${flagAddress(place)}/forecast${query(options)}`, config),
  /** A flag's split as an A/B test: each arm against the baseline, by each metric. */
  readExperiment: (place: FlagPlace, request: ReadExperiment) =>
    send<ExperimentView>('POST', `${flagAddress(place)}/experiment`, request),
  /** Everybody in a group of that forecast, page by page. */
  forecastNames: (place: FlagPlace, config: FlagConfig, part: ForecastNamesQuery) =>
    send<ForecastNames>('POST', `${flagAddress(place)}/forecast/names${query({ ...part })}`, config),
})

const segmentCalls = (send: Send) => {
  const at = (project: string, segment: string) => `/projects/${enc(project)}/segments/${enc(segment)}`
  return {
    listSegments: (project: string) => send<readonly SegmentView[]>('GET', `/projects/${enc(project)}/segments`),
    putSegment: (project: string, segment: string, parts: PutSegment) =>
      send<SegmentView>('PUT', at(project, segment), parts),
    getSegment: (project: string, segment: string) => send<SegmentView>('GET', at(project, segment)),
    /** Changes what is named and keeps the rest. */
    patchSegment: (project: string, segment: string, parts: PatchSegment) =>
      send<SegmentView>('PATCH', at(project, segment), parts),
    deleteSegment: (project: string, segment: string) => send<void>('DELETE', at(project, segment)),
    /** Part of a segment's list, in its order. */
    listSegmentIds: (project: string, segment: string, part: SegmentIdsQuery = {}) =>
      send<SegmentIds>('GET', `${at(project, segment)}/ids${query({ ...part })}`),
    /** Who of the directory is in it, or would be if these parts were other ones. */
    segmentMembers: (project: string, segment: string, parts: PreviewSegment = {}) =>
      send<SegmentMembers>('POST', `${at(project, segment)}/members`, parts),
  }
}

const unitCalls = (send: Send) => {
  const at = (project: string, unit: string) => `/projects/${enc(project)}/units/${enc(unit)}`
  return {
    /** Built-in units first. */
    listUnits: (project: string) => send<readonly UnitView[]>('GET', `/projects/${enc(project)}/units`),
    /** Declares a unit, or changes its attribute while nothing uses it. */
    putUnit: (project: string, unit: string, parts: PutUnit) => send<UnitView>('PUT', at(project, unit), parts),
    deleteUnit: (project: string, unit: string) => send<void>('DELETE', at(project, unit)),
    privateAttributes: (project: string) =>
      send<PrivateAttributes>('GET', `/projects/${enc(project)}/private-attributes`),
    /** Declares these, and no others, as private; they are deleted where they are stored. */
    putPrivateAttributes: (project: string, attributes: readonly string[]) =>
      send<PrivateAttributesPut>('PUT', `/projects/${enc(project)}/private-attributes`, { attributes }),
  }
}

const projectCalls = (send: Send) => {
  const at = (project: string, environment: string) => `/projects/${enc(project)}/environments/${enc(environment)}`
  return {
    listProjects: () => send<readonly ProjectView[]>('GET', '/projects'),
    createProject: (project: CreateProject) => send<ProjectView>('POST', '/projects', project),
    listSdkKeys: (project: string, environment: string) =>
      send<readonly SdkKeyView[]>('GET', `${at(project, environment)}/keys`),
    createSdkKey: (project: string, environment: string, key: CreateSdkKey) =>
      send<NewSdkKey>('POST', `${at(project, environment)}/keys`, key),
    revokeSdkKey: (project: string, environment: string, id: string) =>
      send<SdkKeyView>('DELETE', `${at(project, environment)}/keys/${enc(id)}`),
    /** Which events have arrived, how fast, and what was lost. */
    eventHealth: (project: string, environment: string) =>
      send<EventHealth>('GET', `${at(project, environment)}/events`),
    listInstances: (project: string, environment: string) =>
      send<readonly InstanceView[]>('GET', `${at(project, environment)}/instances`),
    /** Who runs `version` (default: the latest) or a later one. */
    receipts: (project: string, environment: string, version?: number) =>
      send<ReceiptSummary>('GET', `${at(project, environment)}/receipts${query({ version })}`),
    staleFlags: (project: string, options: { days?: number; asOf?: string } = {}) =>
      send<StaleReport>('GET', `/projects/${enc(project)}/hygiene/stale${query(options)}`),
    /** Address of the live event stream (SSE) of a project. */
    livePath: (project: string) => `/api/v1/projects/${enc(project)}/live`,
  }
}

const sessionCalls = (send: Send) => ({
  /** Who is asking, what they may do, and how one can sign in. Never refused. */
  session: () => send<SessionView>('GET', '/session'),
  signIn: (input: SignIn) => send<void>('POST', '/session', input),
  signOut: () => send<void>('DELETE', '/session'),
  /** Makes the first account, out of the local session or with the admin token. */
  setUp: (input: SetUp) => send<void>('POST', '/setup', input),
  lookAtLink: (token: string) => send<LinkView>('POST', '/links/look', { token }),
  /** Uses a link up: makes the account that it is for, or sets the password, and signs in. */
  takeLink: (input: TakeLink) => send<void>('POST', '/links/use', input),
  changePassword: (input: ChangePassword) => send<void>('PUT', '/me/password', input),
  listSessions: () => send<readonly SessionPlace[]>('GET', '/me/sessions'),
  endSession: (id: string) => send<void>('DELETE', `/me/sessions/${enc(id)}`),
  signOutEverywhere: () => send<void>('DELETE', '/me/sessions'),
  listPersonalKeys: () => send<readonly PersonalKeyView[]>('GET', '/me/keys'),
  createPersonalKey: (key: CreatePersonalKey) => send<NewPersonalKey>('POST', '/me/keys', key),
  revokePersonalKey: (id: string) => send<PersonalKeyView>('DELETE', `/me/keys/${enc(id)}`),
})

const memberCalls = (send: Send) => {
  const at = (project: string, rest: string) => `/projects/${enc(project)}/${rest}`
  return {
    listMembers: (project: string) => send<readonly MemberView[]>('GET', at(project, 'members')),
    setMember: (project: string, person: string, role: ProjectRoleInput) =>
      send<MemberView>('PUT', at(project, `members/${enc(person)}`), role),
    removeMember: (project: string, person: string) => send<void>('DELETE', at(project, `members/${enc(person)}`)),
    listInvitations: (project: string) => send<readonly InvitationView[]>('GET', at(project, 'invitations')),
    invite: (project: string, invitation: Invite) => send<Invited>('POST', at(project, 'invitations'), invitation),
    withdrawInvitation: (project: string, id: string) => send<void>('DELETE', at(project, `invitations/${enc(id)}`)),
    listPeople: () => send<readonly AccountView[]>('GET', '/people'),
    /** The role in all projects; null: none. */
    setEverywhereRole: (person: string, role: Role | null) =>
      send<AccountView>('PUT', `/people/${enc(person)}/role`, { role }),
    makePasswordLink: (person: string) => send<PasswordLink>('POST', `/people/${enc(person)}/password-link`),
    removePerson: (person: string) => send<void>('DELETE', `/people/${enc(person)}`),
  }
}

const rolloutCalls = (send: Send) => {
  const at = (project: string, id: string) => `/projects/${enc(project)}/rollouts/${enc(id)}`
  return {
    listRollouts: (project: string, filter: { flag?: string; environment?: string } = {}) =>
      send<readonly RolloutView[]>('GET', `/projects/${enc(project)}/rollouts${query(filter)}`),
    getRollout: (project: string, id: string) => send<RolloutView>('GET', at(project, id)),
    createRollout: (project: string, plan: PlanInput) =>
      send<RolloutView>('POST', `/projects/${enc(project)}/rollouts`, plan),
    actOnRollout: (project: string, id: string, act: { action: RolloutAction; note?: string }) =>
      send<RolloutView>('POST', `${at(project, id)}/${act.action}`, act.note === undefined ? {} : { note: act.note }),
    listDecisions: (project: string, id: string) =>
      send<readonly DecisionView[]>('GET', `${at(project, id)}/decisions`),
    rolloutSeries: (project: string, id: string) => send<RolloutSeries>('GET', `${at(project, id)}/series`),
  }
}

const approvalCalls = (send: Send) => {
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
    listChangeRequests: (project: string, filter: ChangeRequestQuery = {}) =>
      send<readonly ChangeRequestView[]>('GET', `/projects/${enc(project)}/change-requests${query(filter)}`),
    getChangeRequest: (project: string, id: string) => send<ChangeRequestView>('GET', at(project, id)),
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

const auditCalls = (send: Send) => {
  const at = (project: string | undefined) => (project === undefined ? '/audit' : `/projects/${enc(project)}/audit`)
  return {
    /** Newest first; without a project: of everything. */
    searchAudit: (project: string | undefined, search: AuditSearch = {}) =>
      send<AuditPage>('GET', `${at(project)}${query(search)}`),
    /** Checks the whole chain, with an anchor also against an end of it that was kept elsewhere. */
    verifyAudit: (project?: string, anchor?: AuditAnchor) =>
      send<AuditVerification>('GET', `${at(project)}/verify${query({ ...anchor })}`),
    /** Address from which what fits can be downloaded as JSON lines. */
    auditExportPath: (project: string, search: Omit<AuditSearch, 'before' | 'limit'> = {}) =>
      `/api/v1/projects/${enc(project)}/audit/export${query(search)}`,
  }
}

export type AdminClient = ReturnType<typeof projectCalls> &
  ReturnType<typeof unitCalls> &
  ReturnType<typeof segmentCalls> &
  ReturnType<typeof flagCalls> &
  ReturnType<typeof directoryCalls> &
  ReturnType<typeof connectionCalls> &
  ReturnType<typeof sessionCalls> &
  ReturnType<typeof memberCalls> &
  ReturnType<typeof rolloutCalls> &
  ReturnType<typeof auditCalls> &
  ReturnType<typeof approvalCalls>

/** Makes a client. Every call rejects with an `AdminApiError` when the answer is not a success. */
export function createAdminClient(options: AdminClientOptions): AdminClient {
  const send = sender(options)
  return {
    ...projectCalls(send),
    ...unitCalls(send),
    ...segmentCalls(send),
    ...flagCalls(send),
    ...directoryCalls(send),
    ...sessionCalls(send),
    ...memberCalls(send),
    ...connectionCalls(send),
    ...rolloutCalls(send),
    ...auditCalls(send),
    ...approvalCalls(send),
  }
}
