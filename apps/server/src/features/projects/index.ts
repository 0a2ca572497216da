export { createProject } from './create-project.ts'
export { findEnvironment, findProjectId } from './find-environment.ts'
export { projectRoutes } from './projects.routes.ts'
export {
  type Environment,
  nextVersion,
  selectEnvironmentById,
  selectEnvironmentsOfProject,
  selectProjects,
  selectVersions,
} from './projects-store.ts'
export {
  type RulesetChanged,
  type RulesetEvents,
  recordChange,
  selectOutboxAfter,
  selectSwitches,
} from './ruleset-log.ts'
