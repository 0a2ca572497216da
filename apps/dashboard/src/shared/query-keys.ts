import type { QueryKey } from '@tanstack/react-query'

/**
 * Under which keys answers are kept. Each begins with its parents' key, so that making a parent stale reaches its
 * children too.
 */
export const queryKeys = {
  session: ['session'],
  link: (token: string): QueryKey => ['link', token],
  mySessions: ['me', 'sessions'],
  myKeys: ['me', 'keys'],
  projects: ['projects'],
  project: (project: string): QueryKey => ['project', project],
  flags: (project: string): QueryKey => ['project', project, 'flags'],
  flag: (project: string, flag: string): QueryKey => ['project', project, 'flags', flag],
  forecast: (project: string, flag: string, environment: string, config: unknown): QueryKey => [
    ...queryKeys.flag(project, flag),
    'forecast',
    environment,
    config,
  ],
  attributes: (project: string): QueryKey => ['project', project, 'attributes'],
  metrics: (project: string): QueryKey => ['project', project, 'metrics'],
  segments: (project: string): QueryKey => ['project', project, 'segments'],
  changeRequests: (project: string): QueryKey => ['project', project, 'change-requests'],
  changeRequest: (project: string, id: string): QueryKey => ['project', project, 'change-requests', id],
  approvalPolicy: (project: string, environment: string): QueryKey => [
    'project',
    project,
    'environments',
    environment,
    'approval-policy',
  ],
  audit: (project: string): QueryKey => ['project', project, 'audit'],
  rollouts: (project: string): QueryKey => ['project', project, 'rollouts'],
  rollout: (project: string, id: string): QueryKey => ['project', project, 'rollouts', id],
  startApprovals: (project: string, id: string): QueryKey => ['project', project, 'rollouts', id, 'approvals'],
  decisions: (project: string, id: string): QueryKey => ['project', project, 'rollouts', id, 'decisions'],
  series: (project: string, id: string): QueryKey => ['project', project, 'rollouts', id, 'series'],
  environment: (project: string, environment: string): QueryKey => ['project', project, 'environments', environment],
  instances: (project: string, environment: string): QueryKey => [
    ...queryKeys.environment(project, environment),
    'instances',
  ],
  receipts: (project: string, environment: string, version: number): QueryKey => [
    ...queryKeys.environment(project, environment),
    'receipts',
    version,
  ],
  sdkKeys: (project: string, environment: string): QueryKey => ['project', project, 'keys', environment],
  contextSigning: (project: string, environment: string): QueryKey => [
    'project',
    project,
    'context-signing',
    environment,
  ],
  members: (project: string): QueryKey => ['project', project, 'members'],
  invitations: (project: string): QueryKey => ['project', project, 'invitations'],
  /** Everybody who has an account, in whichever project. */
  people: ['people'],
  retention: ['retention'],
  privateAttributes: (project: string): QueryKey => ['project', project, 'private-attributes'],
  connections: (project: string, environment: string): QueryKey => [
    ...queryKeys.environment(project, environment),
    'connections',
  ],
  undelivered: (project: string, environment: string, connection: string): QueryKey => [
    ...queryKeys.connections(project, environment),
    connection,
    'undelivered',
  ],
  stale: (project: string): QueryKey => ['project', project, 'stale'],
} as const
