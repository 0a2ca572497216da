import type { Hash, HashSchemeName } from '@dimmer/engine'

/** What each way of dealing is called, Dimmer's own first. */
export const HASH_SCHEMES: Readonly<Record<HashSchemeName, string>> = {
  murmur3: "Dimmer's own",
  unleash: 'Unleash',
  'unleash-node': 'Unleash, as its Node SDK does',
  'growthbook-v1': 'GrowthBook, version 1',
  'growthbook-v2': 'GrowthBook, version 2',
  launchdarkly: 'LaunchDarkly',
  'flagd-v1': 'flagd, version 1',
  'flagd-v2': 'flagd, version 2',
  'flagd-v3': 'flagd, version 3',
  configcat: 'ConfigCat',
  flagsmith: 'Flagsmith',
}

/** "dealt as LaunchDarkly does, with the salt abc"; undefined for Dimmer's own way with the flag's own salt. */
export function hashWords(hash: Hash | undefined): string | undefined {
  if (hash === undefined) return undefined
  const salt = hash.salt === undefined ? undefined : `with the salt "${hash.salt}"`
  if (hash.scheme === 'murmur3') return salt === undefined ? undefined : `dealt ${salt}`
  const name = HASH_SCHEMES[hash.scheme] ?? hash.scheme
  return `dealt like ${name}${salt === undefined ? '' : `, ${salt}`}`
}
