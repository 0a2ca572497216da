/** Who may do what: the words that server and dashboard share. */

/** What a permission is about: one project as a whole, one environment in it, or all of Dimmer. */
export type PermissionScope = 'project' | 'environment' | 'instance'

/** Everything that can be allowed. The roles that have each are in the server's `role-permissions.ts`. */
export const PERMISSIONS = {
  'project:read': { scope: 'project', meaning: 'see flags, segments, rollouts and instances, and explain decisions' },
  'directory:read': { scope: 'project', meaning: 'look up accounts and users, and see forecasts with their names' },
  'directory:write': { scope: 'project', meaning: 'upload accounts and users' },
  'flag:write': { scope: 'environment', meaning: 'make flags, switch them, and change their rules' },
  'flag:kill': { scope: 'environment', meaning: 'kill a flag at once' },
  'segment:write': { scope: 'environment', meaning: 'make, change and delete segments' },
  'metric:write': { scope: 'project', meaning: 'define metrics' },
  'rollout:run': { scope: 'environment', meaning: 'make rollouts and run them' },
  'message:write': { scope: 'project', meaning: 'write and send messages to those who have a flag' },
  'change:approve': { scope: 'environment', meaning: 'approve or reject the changes of others' },
  'key:manage': { scope: 'environment', meaning: 'make and revoke SDK keys' },
  'audit:read': { scope: 'project', meaning: 'read and export the audit log' },
  'member:manage': { scope: 'project', meaning: 'invite people, change their roles, remove them' },
  'project:manage': { scope: 'project', meaning: 'change the settings and policies of the project' },
  'instance:manage': { scope: 'instance', meaning: 'make projects, and change what holds for all of them' },
} as const satisfies Record<string, { readonly scope: PermissionScope; readonly meaning: string }>

export type Permission = keyof typeof PERMISSIONS

/** From the least to the most. */
export const ROLES = ['viewer', 'support', 'marketer', 'product', 'engineer', 'admin'] as const

export type Role = (typeof ROLES)[number]
