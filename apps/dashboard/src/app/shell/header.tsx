import type { ProjectView } from '@dimmer/protocol'
import { Group, NativeSelect, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { ColorSchemeToggle } from './color-scheme-toggle.tsx'
import { EnvironmentSelect } from './environment-select.tsx'
import { Logo } from './logo.tsx'
import { PersonMenu } from './person-menu.tsx'
import classes from './shell.module.css'

interface Props {
  readonly project: ProjectView
  readonly projects: readonly ProjectView[]
  readonly environment: string
  readonly onProject: (project: string) => void
  readonly onEnvironment: (environment: string) => void
}

function ProjectName({ project, projects, onProject }: Pick<Props, 'project' | 'projects' | 'onProject'>) {
  if (projects.length < 2) {
    return (
      <Text size="sm" c="dimmed" truncate>
        {project.name}
      </Text>
    )
  }
  return (
    <NativeSelect
      aria-label="Project"
      size="sm"
      variant="unstyled"
      data={projects.map(({ key, name }) => ({ value: key, label: name }))}
      value={project.key}
      onChange={event => onProject(event.currentTarget.value)}
    />
  )
}

/** Brand, project, environment, colors. On a narrow screen the environment gets its own line. */
export function Header({ project, projects, environment, onProject, onEnvironment }: Props) {
  const select = <EnvironmentSelect environments={project.environments} value={environment} onChange={onEnvironment} />
  return (
    <>
      <Group h={56} px="md" justify="space-between" wrap="nowrap" gap="sm">
        <Group gap="sm" wrap="nowrap" miw={0}>
          <Link to="/p/$project/flags" params={{ project: project.key }} className={classes.brand}>
            <Logo />
            Dimmer
          </Link>
          <Text c="dimmed" aria-hidden="true">
            /
          </Text>
          <ProjectName project={project} projects={projects} onProject={onProject} />
        </Group>
        <Group gap="xs" wrap="nowrap">
          <Group visibleFrom="sm">{select}</Group>
          <PersonMenu project={project.key} />
          <ColorSchemeToggle />
        </Group>
      </Group>
      <Group px="md" pb="xs" grow hiddenFrom="sm">
        {select}
      </Group>
    </>
  )
}
