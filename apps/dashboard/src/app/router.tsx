import type { AdminClient } from '@dimmer/protocol'
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'
import { projectsQuery } from '../features/projects/index.ts'
import { Failed } from './pages/failed.tsx'
import { NotFound } from './pages/not-found.tsx'
import { ProjectShell } from './shell/project-shell.tsx'

interface RouterContext {
  readonly api: AdminClient
  readonly queries: QueryClient
}

interface ProjectSearch {
  /** Key of the environment; absent: production. */
  readonly env?: string
}

const rootRoute = createRootRouteWithContext<RouterContext>()()

/** Leads to the first project; without one, here is where it is made. */
const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async ({ context: { api, queries } }) => {
    const [first] = await queries.ensureQueryData(projectsQuery(api))
    if (first !== undefined) redirect({ to: '/p/$project/flags', params: { project: first.key }, throw: true })
  },
  component: lazyRouteComponent(() => import('./pages/new-project-page.tsx'), 'NewProjectPage'),
})

const projectRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/p/$project',
  component: ProjectShell,
  validateSearch: (search: Record<string, unknown>): ProjectSearch =>
    typeof search.env === 'string' ? { env: search.env } : {},
  search: { middlewares: [retainSearchParams(['env'])] },
  loader: ({ context: { api, queries } }) => queries.ensureQueryData(projectsQuery(api)),
})

const projectIndexRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    redirect({ to: '/p/$project/flags', params, throw: true })
  },
})

const flagsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'flags',
  component: lazyRouteComponent(() => import('./pages/flag-list-page.tsx'), 'FlagListPage'),
})

const flagRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'flags/$flag',
  component: lazyRouteComponent(() => import('./pages/flag-page.tsx'), 'FlagPage'),
})

const rolloutsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'rollouts',
  component: lazyRouteComponent(() => import('./pages/rollout-list-page.tsx'), 'RolloutListPage'),
})

const rolloutRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'rollouts/$rollout',
  component: lazyRouteComponent(() => import('./pages/rollout-page.tsx'), 'RolloutPage'),
})

const hygieneRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'hygiene',
  component: lazyRouteComponent(() => import('./pages/hygiene-page.tsx'), 'HygienePage'),
})

const segmentsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'segments',
  component: lazyRouteComponent(() => import('./pages/segment-list-page.tsx'), 'SegmentListPage'),
})

const segmentRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'segments/$segment',
  component: lazyRouteComponent(() => import('./pages/segment-page.tsx'), 'SegmentPage'),
})

const experimentsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'experiments',
  component: lazyRouteComponent(() => import('./pages/experiment-list-page.tsx'), 'ExperimentListPage'),
})

interface ExperimentSearch {
  /** Whose split; absent: everybody else's. */
  readonly rule?: string
  /** Keys of the metrics it is read by; absent: all that fit. */
  readonly metrics?: readonly string[]
  /** Attribute it is read by as well. */
  readonly by?: string | undefined
}

const isText = (value: unknown): value is string => typeof value === 'string'

const experimentRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'experiments/$flag',
  component: lazyRouteComponent(() => import('./pages/experiment-page.tsx'), 'ExperimentPage'),
  validateSearch: ({ rule, metrics, by }: Record<string, unknown>): ExperimentSearch => ({
    ...(isText(rule) ? { rule } : {}),
    ...(Array.isArray(metrics) ? { metrics: metrics.filter(isText) } : {}),
    ...(isText(by) ? { by } : {}),
  }),
})

const metricsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'metrics',
  component: lazyRouteComponent(() => import('./pages/metric-list-page.tsx'), 'MetricListPage'),
})

const metricRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'metrics/$metric',
  component: lazyRouteComponent(() => import('./pages/metric-page.tsx'), 'MetricPage'),
})

const unitsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'units',
  component: lazyRouteComponent(() => import('./pages/units-page.tsx'), 'UnitsPage'),
})

const changesRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'changes',
  component: lazyRouteComponent(() => import('./pages/change-requests-page.tsx'), 'ChangeRequestsPage'),
})

const changeRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'changes/$request',
  component: lazyRouteComponent(() => import('./pages/change-request-page.tsx'), 'ChangeRequestPage'),
})

const auditRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'audit',
  component: lazyRouteComponent(() => import('./pages/audit-page.tsx'), 'AuditPage'),
})

const keysRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'keys',
  component: lazyRouteComponent(() => import('./pages/keys-page.tsx'), 'KeysPage'),
})

const membersRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'members',
  component: lazyRouteComponent(() => import('./pages/members-page.tsx'), 'MembersPage'),
})

const peopleRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'people',
  component: lazyRouteComponent(() => import('./pages/people-page.tsx'), 'PeoplePage'),
})

const privacyRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'privacy',
  component: lazyRouteComponent(() => import('./pages/privacy-page.tsx'), 'PrivacyPage'),
})

const connectionsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'connections',
  component: lazyRouteComponent(() => import('./pages/connections-page.tsx'), 'ConnectionsPage'),
})

const accountRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'account',
  component: lazyRouteComponent(() => import('./pages/account-page.tsx'), 'AccountPage'),
})

const routeTree = rootRoute.addChildren([
  indexRoute,
  projectRoute.addChildren([
    projectIndexRoute,
    flagsRoute,
    flagRoute,
    rolloutsRoute,
    rolloutRoute,
    hygieneRoute,
    segmentsRoute,
    segmentRoute,
    experimentsRoute,
    experimentRoute,
    metricsRoute,
    metricRoute,
    unitsRoute,
    keysRoute,
    changesRoute,
    changeRoute,
    auditRoute,
    membersRoute,
    peopleRoute,
    privacyRoute,
    connectionsRoute,
    accountRoute,
  ]),
])

export function createAppRouter(context: RouterContext) {
  return createRouter({
    routeTree,
    context,
    defaultPreload: 'intent',
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: Failed,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
