import { openFeatureReason } from '@dimmer/engine'
import type { Details, DetailsErrorCode } from './types.ts'

/** OpenFeature's error codes that an evaluation can have; the values are those of its `ErrorCode`. */
export const OPENFEATURE_ERRORS: Readonly<
  Record<
    DetailsErrorCode,
    'PROVIDER_NOT_READY' | 'TYPE_MISMATCH' | 'FLAG_NOT_FOUND' | 'INVALID_CONTEXT' | 'PARSE_ERROR'
  >
> = {
  'not-ready': 'PROVIDER_NOT_READY',
  'type-mismatch': 'TYPE_MISMATCH',
  'flag-not-found': 'FLAG_NOT_FOUND',
  'invalid-context': 'INVALID_CONTEXT',
  'invalid-flag': 'PARSE_ERROR',
}

/** Why a value was served, in OpenFeature's terms. */
export function reasonWord({ errorCode, reason, unit, heldOutBy }: Details<unknown>): string {
  return errorCode !== undefined || reason === undefined
    ? 'ERROR'
    : openFeatureReason({ reason, unit, heldOutBy }).reason
}
