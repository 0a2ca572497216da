/**
 * The one error catalogue. Every error body that Dimmer sends carries one of these codes; a code without a status
 * does not compile, and `docs/errors.md` is tested against this table.
 */
export interface ErrorDefinition {
  /** HTTP status. */
  readonly status: number
  /** What it means and what to do, in one sentence. */
  readonly meaning: string
}

export const ERRORS = {
  'malformed-json': { status: 400, meaning: 'The body is not valid JSON (or YAML, where that is accepted).' },
  'invalid-request': {
    status: 400,
    meaning: 'A field is missing or has a value that is not allowed; `details` lists each.',
  },
  'signature-invalid': {
    status: 400,
    meaning: 'The signed context was changed, is not what was sent beside it, or was signed with another secret.',
  },
  'signature-expired': {
    status: 400,
    meaning: 'The signature of the context has run out; have the context signed again.',
  },
  'signature-required': {
    status: 400,
    meaning: 'Browsers may send this attribute only signed; the message names it.',
  },
  unauthenticated: { status: 401, meaning: 'The key or token is missing, unknown or revoked.' },
  'sign-in-failed': { status: 401, meaning: 'The e-mail address or the password is wrong.' },
  'sso-failed': { status: 401, meaning: 'The identity provider did not confirm the sign-in, or cannot be reached.' },
  forbidden: { status: 403, meaning: 'The key is valid, but not for this environment or this kind of request.' },
  'not-found': { status: 404, meaning: 'There is no such thing at this address.' },
  'project-not-found': { status: 404, meaning: 'There is no project with this key.' },
  'environment-not-found': { status: 404, meaning: 'The project has no environment with this key.' },
  'flag-not-found': { status: 404, meaning: 'The project has no flag with this key.' },
  'segment-not-found': { status: 404, meaning: 'The project has no segment with this key.' },
  'rollout-not-found': { status: 404, meaning: 'The project has no rollout with this id.' },
  'unit-not-found': { status: 404, meaning: 'The project has not declared a unit with this name.' },
  'metric-not-found': { status: 404, meaning: 'The library of the project has no metric with this key.' },
  'connection-not-found': { status: 404, meaning: 'The environment has no connection with this key.' },
  'key-not-found': { status: 404, meaning: 'The environment has no SDK key with this id.' },
  'secret-not-found': { status: 404, meaning: 'The environment has no signing secret with this id.' },
  'member-not-found': { status: 404, meaning: 'There is no such account, or it is not a member of the project.' },
  'rule-not-found': { status: 404, meaning: 'The flag has no rule with this id in this environment.' },
  'already-exists': { status: 409, meaning: 'The key is taken. Keys are never used again, not even after archiving.' },
  'version-conflict': {
    status: 409,
    meaning: 'Somebody changed it since you read it. Read it again and repeat the change.',
  },
  'approval-needed': {
    status: 409,
    meaning: 'In this environment others must approve the change; make a change request of it.',
  },
  'own-change': { status: 403, meaning: 'Nobody approves a change that they have written themselves.' },
  'already-reviewed': { status: 409, meaning: 'You have approved or rejected this revision already.' },
  'change-request-not-found': { status: 404, meaning: 'The project has no change request with this id.' },
  'rule-owned-by-rollout': {
    status: 409,
    meaning: 'A running rollout sets this rule. Roll it back or abort it first; switching off is always allowed.',
  },
  'last-admin': { status: 409, meaning: 'Nobody would be left who may manage all projects; make another admin first.' },
  'link-expired': { status: 410, meaning: 'The link was used, has expired, or was taken back; ask for a new one.' },
  'flag-in-use': {
    status: 409,
    meaning: 'Other flags or a running rollout depend on this flag; `details` names them.',
  },
  'signing-secrets': {
    status: 409,
    meaning: 'Attributes can only have to be signed while there is a secret to sign with, and two are the most.',
  },
  'unit-in-use': {
    status: 409,
    meaning: 'Flags, segments or rollouts count by this unit; `details` names them. Who is in a share would change.',
  },
  'segment-in-use': { status: 409, meaning: 'Rules or other segments name this segment; `details` says which.' },
  'metric-in-use': {
    status: 409,
    meaning: 'Rollouts that are not over are judged by this metric; `details` names them.',
  },
  'not-configured': { status: 409, meaning: 'The server lacks a setting that this needs; the message names it.' },
  'not-allowed-now': { status: 409, meaning: 'It is in a state in which this cannot be done; the message says which.' },
  'body-too-large': { status: 413, meaning: 'The body is over the limit that the message names.' },
  'unsupported-media-type': { status: 415, meaning: 'The body has a content type that this address does not take.' },
  'invalid-flag': {
    status: 422,
    meaning: 'The flag would not make sense as a whole (percent, variants, prerequisites ...); `details` says where.',
  },
  'invalid-segment': {
    status: 422,
    meaning: 'The segment, or what uses it, would not make sense as a whole; `details` says where.',
  },
  'invalid-unit': {
    status: 422,
    meaning: 'The name cannot be that of a custom unit, or the unit would not make sense; `details` says why.',
  },
  'invalid-metric': { status: 422, meaning: 'The metric could not be measured as it is; `details` says why.' },
  'invalid-plan': { status: 422, meaning: 'The rollout plan would not make sense as a whole; `details` says where.' },
  'too-many-requests': { status: 429, meaning: 'Too many requests; wait as long as `Retry-After` says.' },
  internal: { status: 500, meaning: 'Something broke on our side; the log has the details under the request id.' },
  unavailable: {
    status: 503,
    meaning: 'The database cannot be reached at the moment. SDKs keep their last ruleset; try again.',
  },
} as const satisfies Record<string, ErrorDefinition>

export type ErrorCode = keyof typeof ERRORS

/** One thing that was wrong, and where. `path` uses dots and indexes: "rules.0.share.percent". */
export interface ErrorDetail {
  readonly path: string
  readonly message: string
}

/** The body of every error answer. */
export interface ErrorBody {
  readonly error: {
    readonly code: ErrorCode
    readonly message: string
    readonly details?: readonly ErrorDetail[]
    readonly requestId?: string
  }
}
