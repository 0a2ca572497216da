import type { Permission, Role } from '@dimmer/protocol'

const VIEWER = ['project:read'] as const
const SUPPORT = [...VIEWER, 'directory:read'] as const
const MARKETER = [...SUPPORT, 'message:write'] as const
const CHANGES = ['flag:write', 'flag:kill', 'segment:write', 'metric:write', 'rollout:run', 'change:approve'] as const
const PRODUCT = [...MARKETER, ...CHANGES, 'audit:read'] as const
const ENGINEER = [...SUPPORT, ...CHANGES, 'audit:read', 'directory:write', 'key:manage'] as const
const ADMIN = [...PRODUCT, ...ENGINEER, 'member:manage', 'project:manage'] as const

/** What each role may do: the whole policy. `instance:manage` is for admins of all projects, see `rights.ts`. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(VIEWER),
  support: new Set(SUPPORT),
  marketer: new Set(MARKETER),
  product: new Set(PRODUCT),
  engineer: new Set(ENGINEER),
  admin: new Set(ADMIN),
}
