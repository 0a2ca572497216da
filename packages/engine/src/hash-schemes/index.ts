import type { HashSchemeName } from '../model.ts'
import { configcat } from './configcat.ts'
import { flagdV1, flagdV2, flagdV3 } from './flagd.ts'
import { flagsmith } from './flagsmith.ts'
import { growthbookV1, growthbookV2 } from './growthbook.ts'
import { launchdarkly } from './launchdarkly.ts'
import { native } from './native.ts'
import type { HashScheme } from './scheme.ts'
import { unleash, unleashNode } from './unleash.ts'

/** All schemes: a new one is one more entry. */
const SCHEMES: Readonly<Record<HashSchemeName, HashScheme>> = {
  murmur3: native,
  unleash,
  'unleash-node': unleashNode,
  'growthbook-v1': growthbookV1,
  'growthbook-v2': growthbookV2,
  launchdarkly,
  'flagd-v1': flagdV1,
  'flagd-v2': flagdV2,
  'flagd-v3': flagdV3,
  configcat,
  flagsmith,
}

/** Undefined for a scheme that this version doesn't know. */
export function hashScheme(name: string): HashScheme | undefined {
  return Object.hasOwn(SCHEMES, name) ? SCHEMES[name as HashSchemeName] : undefined
}
