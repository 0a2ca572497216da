export {
  assertConfigMakesSense,
  assertSegmentsMakeSense,
  type ConfigChange,
  changeConfigIn,
  type FlagDeps,
  findFlag,
  type GuardedChange,
} from './change-config.ts'
export { createFlag } from './create-flag.ts'
export {
  flagsNaming,
  flagsUsingUnit,
  rulesUsingSegments,
  segmentsNamed,
  segmentsNeeded,
  unitsCounted,
} from './flag-uses.ts'
export { changeAndShow, flagRoutes } from './flags.routes.ts'
export { rulesetOf, withRule, withShare } from './flags-rules.ts'
export {
  type ConfigRow,
  deleteRuleOwner,
  insertRuleOwner,
  selectConfig,
  selectEnvironmentFlags,
  selectFlag,
  selectSettled,
} from './flags-store.ts'
export { previewConfig } from './preview-config.ts'
