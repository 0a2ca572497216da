/** Who may do what: the words that server and dashboard share. */
import { z } from 'zod'
import { keySchema } from './flag-schemas.ts'

/** Pages send it with every change: forms of other sites can't, so that no foreign page acts with one's cookie. */
export const REQUEST_HEADER = 'x-dimmer-request'

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

const ROLE = z.enum(ROLES)
const name = z.string().trim().min(1, 'a name has at least one character').max(200)
const email = z
  .string()
  .trim()
  .max(200)
  .pipe(z.email('must be an e-mail address'))
  .transform(value => value.toLowerCase())
const password = z
  .string()
  .min(10, 'a password has at least 10 characters')
  .max(200, 'a password has at most 200 characters')
const token = z.string().min(1).max(200)

export const signInSchema = z.strictObject({ email, password: z.string().min(1).max(200) })
export type SignIn = z.infer<typeof signInSchema>

/** The first person, made in the local session. */
export const setUpSchema = z.strictObject({ email, name, password })
export type SetUp = z.infer<typeof setUpSchema>

export const lookAtLinkSchema = z.strictObject({ token })
/** `email` and `name` are for those who have no account yet; an invitation knows the e-mail address. */
export const takeLinkSchema = z.strictObject({
  token,
  email: email.exactOptional(),
  name: name.exactOptional(),
  password,
})
export type TakeLink = z.infer<typeof takeLinkSchema>

export const changePasswordSchema = z.strictObject({ current: z.string().min(1).max(200), password })
export type ChangePassword = z.infer<typeof changePasswordSchema>

/** A role in a project, and where it differs, by environment key. */
export const projectRoleSchema = z.strictObject({
  role: ROLE,
  environments: z.record(keySchema, ROLE).default({}),
})
export type ProjectRoleInput = z.input<typeof projectRoleSchema>

export const inviteSchema = projectRoleSchema.extend({ email })
export type Invite = z.input<typeof inviteSchema>

/** The role in all projects, also in those to come; null: none. */
export const everywhereRoleSchema = z.strictObject({ role: ROLE.nullable() })

const permissionSchema = z.enum(Object.keys(PERMISSIONS) as [Permission, ...Permission[]])

/** What is left out does not limit the key: it then may what the person may. */
export const createPersonalKeySchema = z.strictObject({
  name,
  project: keySchema.exactOptional(),
  environments: z.array(keySchema).min(1).max(50).exactOptional(),
  permissions: z.array(permissionSchema).min(1).exactOptional(),
  expiresInDays: z.number().int().min(1).max(366).exactOptional(),
})
export type CreatePersonalKey = z.infer<typeof createPersonalKeySchema>

export interface PersonalKeyView {
  readonly id: string
  readonly name: string
  readonly prefix: string
  /** Key of the one project that it is for; null: all of the person's. */
  readonly project: string | null
  readonly environments: readonly string[] | null
  readonly permissions: readonly Permission[] | null
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
}

/** The only answer that holds the key itself. */
export interface NewPersonalKey extends PersonalKeyView {
  readonly key: string
}

export interface PersonView {
  readonly id: string
  readonly name: string
  readonly email: string
}

/** What the caller may do in one project. */
export interface ProjectRights {
  readonly role: Role
  readonly permissions: readonly Permission[]
  /** Environments in which the role differs. */
  readonly environments: Readonly<Record<string, { readonly role: Role; readonly permissions: readonly Permission[] }>>
}

/** Who is asking, and how they can sign in. */
export interface SessionView {
  /** `local`: on this machine, without an account. `break-glass`: with the admin token. Null: nobody yet. */
  readonly via: 'local' | 'session' | 'key' | 'break-glass' | null
  readonly person: PersonView | null
  /** By key of the project. */
  readonly projects: Readonly<Record<string, ProjectRights>>
  /** May make projects and manage people of all of them. */
  readonly manages: boolean
  readonly signIn: {
    readonly password: boolean
    /** Name of the identity provider; null: there is none. */
    readonly sso: string | null
    /** The server has a break-glass token. */
    readonly token: boolean
    /** Nobody has an account yet. */
    readonly fresh: boolean
  }
}

/** One place where a person is signed in. */
export interface SessionPlace {
  readonly id: string
  readonly current: boolean
  readonly ip: string
  readonly userAgent: string | null
  readonly createdAt: string
  readonly lastUsedAt: string
}

export interface MemberView extends PersonView {
  readonly role: Role
  readonly environments: Readonly<Record<string, Role>>
  /** The role is that in all projects, and set there. */
  readonly everywhere: boolean
  readonly lastSeenAt: string | null
  /** Since when the account lets nobody in; null: it does. */
  readonly disabledAt: string | null
}

export interface InvitationView {
  readonly id: string
  readonly email: string
  readonly role: Role
  readonly environments: Readonly<Record<string, Role>>
  readonly invitedBy: string
  readonly createdAt: string
  readonly expiresAt: string
}

/** `token` is the secret end of the link and shown this once; null: the person has an account and is a member now. */
export interface Invited {
  readonly invitation: InvitationView | null
  readonly member: MemberView | null
  readonly token: string | null
}

/** What a link is for, as its page shows it. */
export interface LinkView {
  readonly kind: 'setup' | 'invitation' | 'password'
  readonly email: string | null
  readonly project: string | null
  readonly role: Role | null
  readonly invitedBy: string | null
  readonly expiresAt: string
}

/** A person as admins of all projects see them. */
export interface AccountView extends PersonView {
  /** The role in all projects; null: only in those that name the person. */
  readonly everywhere: Role | null
  readonly projects: readonly string[]
  readonly signsInWith: readonly ('password' | 'sso')[]
  readonly lastSeenAt: string | null
  /** Since when the account lets nobody in; null: it does. */
  readonly disabledAt: string | null
}

/** A link to choose a new password; `token` is shown this once. */
export interface PasswordLink {
  readonly token: string
  readonly expiresAt: string
}

/** Why single sign-on did not let somebody in, as the sign-in page says it. Its address has the name of one of these. */
export const SSO_REFUSALS = {
  unreachable:
    'The identity provider cannot be reached, or its address in the settings is wrong. The log of the server says more.',
  'not-accepted':
    'The identity provider does not accept this server: the client id or the secret in the settings is wrong.',
  cancelled: 'The sign-in was cancelled at the identity provider, or your account there may not use Dimmer.',
  unconfirmed: 'The identity provider did not confirm the sign-in. Try again; the log of the server says why.',
  'too-late': 'The sign-in took too long, or began in another browser. Try again.',
  'no-email': 'The identity provider gave no confirmed e-mail address, by which Dimmer knows people.',
  'no-role':
    'Your account at the identity provider has no role here. Ask an admin to invite you, or to add you to a group.',
  disabled: 'Your account here is disabled. Ask an admin.',
  'database-away': 'Dimmer cannot reach its database at the moment. Try again.',
} as const

export type SsoRefusal = keyof typeof SSO_REFUSALS
