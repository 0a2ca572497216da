import type { EnvironmentView, ProjectView } from '@dimmer/protocol'

const USUAL = 'production'

/** The environment that was asked for; else production; else the first. */
export function chooseEnvironment(project: ProjectView, asked: string | undefined): EnvironmentView | undefined {
  const named = (key: string | undefined) => project.environments.find(one => one.key === key)
  return named(asked) ?? named(USUAL) ?? project.environments[0]
}
