import type { Evaluation, EvaluationErrorCode } from './evaluation.ts'

/** The reasons of the OpenFeature specification that an evaluation can have. */
export type OpenFeatureReason = 'DEFAULT' | 'DISABLED' | 'ERROR' | 'SPLIT' | 'TARGETING_MATCH'

/** The error codes of the OpenFeature specification that an evaluation can have. */
export type OpenFeatureErrorCode = 'FLAG_NOT_FOUND' | 'INVALID_CONTEXT' | 'PARSE_ERROR'

/** Why an evaluation gave what it gave, in OpenFeature's terms; `errorCode` is there exactly when `reason` is `ERROR`. */
export interface OpenFeatureResolution {
  readonly reason: OpenFeatureReason
  readonly errorCode?: OpenFeatureErrorCode
}

const ERROR_CODES: Readonly<Record<EvaluationErrorCode, OpenFeatureErrorCode>> = {
  'flag-not-found': 'FLAG_NOT_FOUND',
  'invalid-context': 'INVALID_CONTEXT',
  'invalid-flag': 'PARSE_ERROR',
}

/**
 * OpenFeature's reason for ours. `SPLIT` wherever a share or a split dealt what was served; a fallthrough that was reached
 * because a share held the unit out is still the `DEFAULT`. Off and an unmet prerequisite are both `DISABLED`.
 */
export function openFeatureReason(
  evaluation: Pick<Evaluation, 'reason' | 'unit' | 'heldOutBy'>,
): OpenFeatureResolution {
  const { reason, unit, heldOutBy } = evaluation
  switch (reason.kind) {
    case 'off':
    case 'prerequisite-failed':
      return { reason: 'DISABLED' }
    case 'rule':
      return { reason: unit === undefined ? 'TARGETING_MATCH' : 'SPLIT' }
    case 'fallthrough':
      return { reason: unit !== undefined && heldOutBy === undefined ? 'SPLIT' : 'DEFAULT' }
    case 'error':
      return { reason: 'ERROR', errorCode: ERROR_CODES[reason.code] }
  }
}
