export type { UnitDeps } from './change-units.ts'
export { createProject } from './create-project.ts'
export { findEnvironment, findProjectId, projectOf } from './find-environment.ts'
export { projectRoutes } from './projects.routes.ts'
export {
  type Environment,
  holdPrivateAttributes,
  liftVersion,
  nextVersion,
  savePrivateAttributes,
  selectEnvironmentById,
  selectEnvironmentsOfProject,
  selectPrivateAttributes,
  selectProjects,
  selectUnits,
  selectVersions,
} from './projects-store.ts'
export {
  type FlagVersion,
  type RulesetChanged,
  type RulesetEvents,
  recordChange,
  selectChangedAt,
  selectFlagVersions,
  selectOutboxAfter,
  selectSwitches,
  selectVersionsSince,
  trimOutbox,
} from './ruleset-log.ts'
export { unitRoutes } from './units.routes.ts'
