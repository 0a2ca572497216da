export type { DimmerProviderProps, OwnClientOptions } from './provider.tsx'
export { DimmerProvider, useDimmer } from './provider.tsx'
export type { FeatureFlag } from './use-feature-flag.ts'
export { useFeatureFlag } from './use-feature-flag.ts'
