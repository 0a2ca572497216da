export type * from './access-messages.ts'
export {
  changePasswordSchema,
  createPersonalKeySchema,
  everywhereRoleSchema,
  inviteSchema,
  lookAtLinkSchema,
  PERMISSIONS,
  projectRoleSchema,
  REQUEST_HEADER,
  ROLES,
  SSO_REFUSALS,
  setUpSchema,
  signInSchema,
  takeLinkSchema,
} from './access-messages.ts'
export type { AdminClient, FlagPlace } from './admin-client.ts'
export { createAdminClient } from './admin-client.ts'
export type * from './admin-messages.ts'
export {
  createFlagSchema,
  createProjectSchema,
  createSdkKeySchema,
  explainRequestSchema,
  flagConfigSchema,
  putFlagConfigSchema,
  rolloutActionSchema,
  SDK_KEY_KINDS,
  setShareSchema,
  switchFlagSchema,
  updateFlagSchema,
} from './admin-messages.ts'
export type { AdminClientOptions } from './admin-sender.ts'
export { AdminApiError } from './admin-sender.ts'
export type * from './approval-messages.ts'
export {
  applyRequestSchema,
  approvalPolicySchema,
  changeRequestQuerySchema,
  commentSchema,
  createChangeRequestSchema,
  createSegmentRequestSchema,
  editChangeRequestSchema,
  putApprovalPolicySchema,
  rejectSchema,
  reviewSchema,
  scheduleSchema,
} from './approval-messages.ts'
export type * from './audit-messages.ts'
export { AUDIT_VERBS, auditQuerySchema, auditVerifyQuerySchema, REASON_HEADERS } from './audit-messages.ts'
export type * from './connection-messages.ts'
export { createConnectionSchema, ticketSchema } from './connection-messages.ts'
export type * from './directory-messages.ts'
export {
  eraseQuerySchema,
  forecastNamesQuerySchema,
  forecastQuerySchema,
  unitIdSchema,
  uploadDirectorySchema,
} from './directory-messages.ts'
export type { ErrorBody, ErrorCode, ErrorDefinition, ErrorDetail } from './errors.ts'
export { ERRORS } from './errors.ts'
export type * from './event-messages.ts'
export type * from './experiment-messages.ts'
export { readExperimentSchema } from './experiment-messages.ts'
export {
  conditionSchema,
  flagSchema,
  flagTypeSchema,
  jsonSchema,
  keySchema,
  prerequisiteSchema,
  ruleSchema,
  rulesetSchema,
  segmentSchema,
  serveSchema,
  shareSchema,
  variantsSchema,
} from './flag-schemas.ts'
export type * from './library-messages.ts'
export { metricsQuerySchema, putMetricSchema, trafficQuerySchema } from './library-messages.ts'
export { metricDefinitionSchema } from './metric-schema.ts'
export { planInputSchema } from './plan-schema.ts'
export type * from './sdk-messages.ts'
export {
  eventBatchesSchema,
  eventBatchSchema,
  eventsAnswerSchema,
  exposureCountSchema,
  firstExposureSchema,
  identifySchema,
  instancesAnswerSchema,
  instancesReportSchema,
  keyAnswerSchema,
  ofrepRequestSchema,
  receiptSchema,
  SDK_HEADERS,
  trackSchema,
  unitIdsSchema,
} from './sdk-messages.ts'
export type * from './segment-messages.ts'
export {
  patchSegmentSchema,
  previewSegmentSchema,
  putSegmentSchema,
  segmentIdsQuerySchema,
} from './segment-messages.ts'
export type * from './signing-messages.ts'
export {
  createSigningSecretSchema,
  MAX_SIGNED_CONTEXT,
  MAX_SIGNING_SECRETS,
  putContextSigningSchema,
  signingRulesSchema,
} from './signing-messages.ts'
export type * from './unit-messages.ts'
export { privateAttributesSchema, putUnitSchema } from './unit-messages.ts'
