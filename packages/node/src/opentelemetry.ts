/** Evaluations in traces. Needs `@opentelemetry/api`. */
import { type Attributes, trace } from '@opentelemetry/api'
import { OPENFEATURE_ERRORS, reasonWord } from './openfeature-words.ts'
import type { Context, Details, Hook } from './types.ts'

/** Options of `openTelemetryHook`. */
export interface OpenTelemetryOptions {
  /** Gives what is to stand for the context in traces; undefined: nothing. Default: its `targetingKey`. */
  readonly contextId?: (context: Context) => string | undefined
}

/**
 * A hook that puts each evaluation on the active span as an event `feature_flag.evaluation`, with the attributes of
 * OpenTelemetry's semantic conventions. Without an active span it does nothing.
 *
 * @example
 * const client = createClient({ url, sdkKey, hooks: [openTelemetryHook()] })
 */
export function openTelemetryHook(options: OpenTelemetryOptions = {}): Hook {
  const contextId = options.contextId ?? (context => context.targetingKey)
  return {
    finally({ context }, details) {
      const span = trace.getActiveSpan()
      if (span === undefined || !span.isRecording()) return
      const id = contextId(context)
      span.addEvent('feature_flag.evaluation', {
        ...attributesOf(details),
        ...(id !== undefined && { 'feature_flag.context.id': id }),
      })
    },
  }
}

function attributesOf(details: Details<unknown>): Attributes {
  const { flagKey, flagVersion, variant, value, errorCode } = details
  return {
    'feature_flag.key': flagKey,
    'feature_flag.provider.name': 'dimmer',
    'feature_flag.result.reason': reasonWord(details).toLowerCase(),
    'feature_flag.version': String(flagVersion),
    // The variant says enough; the value may be large, or not for everybody's eyes.
    ...(errorCode === undefined && variant !== undefined && { 'feature_flag.result.variant': variant }),
    ...(errorCode !== undefined && {
      'feature_flag.result.value': typeof value === 'object' ? JSON.stringify(value) : String(value),
      'error.type': OPENFEATURE_ERRORS[errorCode].toLowerCase(),
    }),
  }
}
