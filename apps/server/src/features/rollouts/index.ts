export type { GuardedStart, RolloutDeps } from './carry-out.ts'
export { rolloutsUsingUnit } from './rollout-uses.ts'
export { rolloutRoutes } from './rollouts.routes.ts'
export { Runner } from './runner.ts'
