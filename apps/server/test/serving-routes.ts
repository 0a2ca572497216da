/**
 * The routes that can change what SDKs are served. That there are no others is tested with a call of every route that
 * changes anything (`audit-of-all-routes`); that none of them goes around approvals, in `adversarial/around-approvals`.
 */
export const SERVING_ROUTES = [
  'DELETE /api/v1/projects/{project}/flags/{flag}',
  'DELETE /api/v1/projects/{project}/segments/{segment}',
  'DELETE /api/v1/projects/{project}/units/{unit}',
  'PATCH /api/v1/projects/{project}/segments/{segment}',
  'POST /api/v1/projects/{project}/change-requests/{id}/apply',
  'POST /api/v1/projects/{project}/flags',
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/kill',
  'POST /api/v1/projects/{project}/flags/{flag}/environments/{environment}/switch',
  'POST /api/v1/projects/{project}/rollouts/{id}/roll-back',
  'POST /api/v1/projects/{project}/rollouts/{id}/start',
  'PUT /api/v1/projects/{project}/flags/{flag}/environments/{environment}',
  'PUT /api/v1/projects/{project}/flags/{flag}/environments/{environment}/rules/{rule}/share',
  'PUT /api/v1/projects/{project}/private-attributes',
  'PUT /api/v1/projects/{project}/segments/{segment}',
  'PUT /api/v1/projects/{project}/units/{unit}',
] as const

export type ServingRoute = (typeof SERVING_ROUTES)[number]
