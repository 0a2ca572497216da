import { AppShell } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { LocalBanner } from '../../features/access/index.ts'
import { chooseEnvironment, projectsQuery, ScopeProvider } from '../../features/projects/index.ts'
import { useApi } from '../../shared/api.tsx'
import { useLive } from '../live/use-live.ts'
import { NotFound } from '../pages/not-found.tsx'
import { BottomTabs } from './bottom-tabs.tsx'
import { Header } from './header.tsx'
import { LiveBanner } from './live-banner.tsx'
import { SideMenu } from './menu.tsx'
import classes from './shell.module.css'

/** The frame around every page of a project. */
export function ProjectShell() {
  const { project: key } = useParams({ from: '/p/$project' })
  const { env } = useSearch({ from: '/p/$project' })
  const navigate = useNavigate()
  const { data: projects } = useSuspenseQuery(projectsQuery(useApi()))
  const live = useLive(key)
  const project = projects.find(one => one.key === key)
  const environment = project && chooseEnvironment(project, env)
  if (project === undefined || environment === undefined) return <NotFound />
  return (
    <AppShell
      className={classes.root}
      header={{ height: { base: 100, sm: 56 } }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: true } }}
      footer={{ height: { base: 60, sm: 0 } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a href="#main" className={classes.skip}>
        Skip to the page
      </a>
      <AppShell.Header>
        <Header
          project={project}
          projects={projects}
          environment={environment.key}
          onProject={next => void navigate({ to: '/p/$project/flags', params: { project: next }, search: {} })}
          onEnvironment={next => void navigate({ to: '.', search: old => ({ ...old, env: next }) })}
        />
      </AppShell.Header>
      <AppShell.Navbar>
        <SideMenu project={key} />
      </AppShell.Navbar>
      <AppShell.Main id="main" className={classes.main}>
        <div className={classes.content}>
          <LocalBanner />
          <LiveBanner live={live} />
          <ScopeProvider scope={{ project, environment }}>
            <Outlet />
          </ScopeProvider>
        </div>
      </AppShell.Main>
      <AppShell.Footer hiddenFrom="sm">
        <BottomTabs project={key} />
      </AppShell.Footer>
    </AppShell>
  )
}
