export {
  assertSegmentsMakeSense,
  type ConfigChange,
  changeConfigIn,
  type FlagDeps,
  findFlag,
} from './change-config.ts'
export { createFlag } from './create-flag.ts'
export { flagsUsingUnit } from './flag-uses.ts'
export { changeAndShow, flagRoutes } from './flags.routes.ts'
export { rulesetOf, withRule } from './flags-rules.ts'
export {
  deleteRuleOwner,
  insertRuleOwner,
  selectConfig,
  selectEnvironmentFlags,
  selectFlag,
  selectSettled,
} from './flags-store.ts'
export { previewConfig } from './preview-config.ts'
