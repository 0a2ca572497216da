import type { FlagConfig, FlagView } from '@dimmer/protocol'
import { describeShare } from './describe-share.ts'

/** A value as it is served: `false`, `"blue"`, `{"limit":3}`. */
export const valueWords = (flag: Pick<FlagView, 'variants'>, variant: string): string =>
  JSON.stringify(flag.variants[variant] ?? null)

/** What a kill will do, sentence by sentence, for the dialog that asks. */
export function describeKill(
  flag: Pick<FlagView, 'variants'>,
  config: FlagConfig,
  environment: string,
): readonly string[] {
  const served = `${config.offVariant} (${valueWords(flag, config.offVariant)})`
  return [
    `Everybody in ${environment} gets ${served}, whatever the rules say.`,
    `Now: ${describeShare(flag, config).text}.`,
    'The rules stay. Switching it on again brings it back to the same ones.',
  ]
}
