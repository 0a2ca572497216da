/** The only reader of the environment. */
import { resolve } from 'node:path'
import { ROLES } from '@dimmer/protocol'
import type { AccessConfig, GroupRole, SsoConfig } from './http/access-config.ts'
import { isLoopback } from './kernel/loopback.ts'
import { isAllowance, type PrivateAllowed } from './kernel/public-address.ts'

/** What a node does. `edge`: it serves on what another server gives it, and has no database. */
export type NodeRole = 'all' | 'api' | 'stream' | 'worker' | 'edge'

/** Where an edge gets its ruleset from. */
export interface EdgeConfig {
  readonly upstream: string
  readonly key: string
}

/** How long things are kept after they arrived or happened, in days. What was found out of them stays. */
export interface Retention {
  readonly eventsDays: number
  /** Ids of event batches: a retry that comes later counts again. */
  readonly batchIdsDays: number
  /** The looks at rollouts, of which charts are drawn; undefined: for ever. */
  readonly looksDays: number | undefined
}

export const DEFAULT_RETENTION: Retention = { eventsDays: 90, batchIdsDays: 3, looksDays: undefined }

export interface Config {
  readonly role: NodeRole
  /** For the role `edge`, and only for it. */
  readonly edge: EdgeConfig | undefined
  /** Must be sent as a bearer token to `/metrics`. Absent: only this machine may ask. */
  readonly metricsToken: string | undefined
  readonly port: number
  readonly host: string
  /** Folder of the embedded database. */
  readonly dataDir: string
  /** Absent: the embedded database. */
  readonly databaseUrl: string | undefined
  /** Absent: no Redis. */
  readonly redisUrl: string | undefined
  readonly access: AccessConfig
  /** Addresses and ranges of proxies whose X-Forwarded-For counts. */
  readonly trustedProxies: readonly string[]
  /** Longest silence on an event stream, in ms. */
  readonly heartbeatMs: number
  /** Least time between two looks at a running rollout, in ms. */
  readonly lookEveryMs: number
  readonly retention: Retention
  /** Seals the secrets of other systems, at least 32 characters. Absent: drawn once and kept beside the embedded database. */
  readonly secretKey: string | undefined
  /** Where webhooks and the like may go beside public addresses. */
  readonly privateAllowed: PrivateAllowed
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

type Environment = Readonly<Record<string, string | undefined>>

/** A setting that cannot be used; the message says which, and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError' as const
}

const text = (env: Environment, name: string): string | undefined => {
  const value = env[name]?.trim()
  return value === undefined || value === '' ? undefined : value
}

function integer(env: Environment, name: string, rule: { default: number; min: number; max: number }): number {
  const value = text(env, name)
  if (value === undefined) return rule.default
  const number = Number(value)
  if (!Number.isInteger(number) || number < rule.min || number > rule.max) {
    throw new ConfigError(`${name} is "${value}"; it must be a whole number from ${rule.min} to ${rule.max}`)
  }
  return number
}

function url(env: Environment, name: string, schemes: readonly string[]): string | undefined {
  const value = text(env, name)
  if (value === undefined) return undefined
  if (!schemes.some(scheme => value.startsWith(`${scheme}://`))) {
    throw new ConfigError(`${name} must start with ${schemes.map(scheme => `${scheme}://`).join(' or ')}`)
  }
  return value
}

function privateAllowed(env: Environment): PrivateAllowed {
  const name = 'DIMMER_ALLOW_PRIVATE_WEBHOOKS'
  const value = text(env, name)
  if (value === undefined || value === 'false') return []
  if (value === 'true') return 'all'
  const allowances = value.split(',').map(one => one.trim())
  const bad = allowances.find(one => !isAllowance(one))
  if (bad === undefined) return allowances
  throw new ConfigError(
    `${name} has "${bad}"; allowed: true, or host names, IP addresses and ranges like 10.1.0.0/16, with commas between`,
  )
}

const HOUR_MS = 3_600_000

const LONGEST_KEPT_DAYS = 3_650

function readRetention(env: Environment): Retention {
  const { eventsDays, batchIdsDays } = DEFAULT_RETENTION
  const days = (name: string, usual: number, max = LONGEST_KEPT_DAYS) =>
    integer(env, name, { default: usual, min: 1, max })
  const looks = 'DIMMER_KEEP_LOOKS_DAYS'
  return {
    eventsDays: days('DIMMER_KEEP_EVENTS_DAYS', eventsDays),
    batchIdsDays: days('DIMMER_KEEP_BATCH_IDS_DAYS', batchIdsDays, 30),
    looksDays: text(env, looks) === undefined ? undefined : days(looks, LONGEST_KEPT_DAYS),
  }
}

const NODE_ROLES = ['all', 'api', 'stream', 'worker', 'edge'] as const

const list = (env: Environment, name: string): readonly string[] =>
  (text(env, name) ?? '')
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '')

function oneOf<const T extends string>(env: Environment, name: string, allowed: readonly [T, ...T[]]): T {
  const value = text(env, name)
  if (value === undefined) return allowed[0]
  const known = allowed.find(one => one === value)
  if (known === undefined) throw new ConfigError(`${name} is "${value}"; allowed: ${allowed.join(', ')}`)
  return known
}

function readLocalSession(env: Environment, onLoopback: boolean): AccessConfig['localSession'] {
  const local = oneOf(env, 'DIMMER_LOCAL_SESSION', ['auto', 'on', 'off'])
  if (local === 'on' && !onLoopback) {
    throw new ConfigError('DIMMER_LOCAL_SESSION is "on", but HOST lets other machines in; leave HOST at 127.0.0.1')
  }
  return onLoopback ? local : 'off'
}

function readAdminToken(env: Environment): string | undefined {
  const token = text(env, 'DIMMER_ADMIN_TOKEN')
  if (token === undefined || token.length >= 16) return token
  throw new ConfigError('DIMMER_ADMIN_TOKEN is too short: use at least 16 characters')
}

/** "GROUP=PROJECT:ROLE" or "GROUP=PROJECT:ROLE,ENVIRONMENT:ROLE"; PROJECT may be "*". A group may have "=" in its name. */
function groupRole(entry: string): GroupRole {
  const [, group, given] = /^(.*\S)\s*=\s*([^=]+)$/.exec(entry) ?? []
  const pairs = (given ?? '').split(',').map(part => /^\s*([\w.*-]+)\s*:\s*([a-z]+)\s*$/.exec(part))
  const roles = pairs.map(match => [match?.[1] ?? '', ROLES.find(role => role === match?.[2])] as const)
  const [first, ...rest] = roles
  const role = first?.[1]
  if (
    group === undefined ||
    first === undefined ||
    role === undefined ||
    rest.some(([, other]) => other === undefined)
  ) {
    throw new ConfigError(
      `DIMMER_OIDC_GROUPS has "${entry}"; write GROUP=PROJECT:ROLE with one of ${ROLES.join(', ')}, and ";" between`,
    )
  }
  const environments = Object.fromEntries(rest.flatMap(([key, other]) => (other === undefined ? [] : [[key, other]])))
  return { group, project: first[0], role, environments }
}

function readSso(env: Environment, publicUrl: string | undefined): Pick<AccessConfig, 'passwords' | 'sso'> {
  const issuer = url(env, 'DIMMER_OIDC_ISSUER', ['https', 'http'])
  const passwords = oneOf(env, 'DIMMER_PASSWORDS', ['on', 'off']) === 'on'
  if (issuer === undefined) {
    if (passwords) return { passwords, sso: undefined }
    throw new ConfigError('DIMMER_PASSWORDS is "off", but without DIMMER_OIDC_ISSUER nobody could sign in')
  }
  const [clientId, clientSecret] = [text(env, 'DIMMER_OIDC_CLIENT_ID'), text(env, 'DIMMER_OIDC_CLIENT_SECRET')]
  if (clientId === undefined || clientSecret === undefined || publicUrl === undefined) {
    throw new ConfigError(
      'DIMMER_OIDC_ISSUER also needs DIMMER_OIDC_CLIENT_ID, DIMMER_OIDC_CLIENT_SECRET and DIMMER_URL',
    )
  }
  const groups = (text(env, 'DIMMER_OIDC_GROUPS') ?? '').split(';').map(one => one.trim())
  const sso: SsoConfig = {
    issuer: new URL(issuer),
    clientId,
    clientSecret,
    name: text(env, 'DIMMER_OIDC_NAME') ?? new URL(issuer).host,
    groupsClaim: text(env, 'DIMMER_OIDC_GROUPS_CLAIM') ?? 'groups',
    groups: groups.filter(one => one !== '').map(groupRole),
    sessionMs: integer(env, 'DIMMER_OIDC_SESSION_HOURS', { default: 24, min: 1, max: 720 }) * HOUR_MS,
  }
  return { passwords, sso }
}

function readAccess(env: Environment, onLoopback: boolean): AccessConfig {
  const publicUrl = url(env, 'DIMMER_URL', ['https', 'http'])
  if (publicUrl !== undefined && !URL.canParse(publicUrl))
    throw new ConfigError(`DIMMER_URL is not a URL: ${publicUrl}`)
  return {
    adminToken: readAdminToken(env),
    localSession: readLocalSession(env, onLoopback),
    publicUrl: publicUrl === undefined ? undefined : new URL(publicUrl),
    ...readSso(env, publicUrl),
  }
}

function edge(env: Environment, role: NodeRole): EdgeConfig | undefined {
  const upstream = url(env, 'DIMMER_UPSTREAM', ['http', 'https'])
  const key = text(env, 'DIMMER_EDGE_KEY')
  if (role !== 'edge') {
    if (upstream === undefined && key === undefined) return undefined
    throw new ConfigError(`DIMMER_UPSTREAM and DIMMER_EDGE_KEY are for DIMMER_ROLE=edge; the role is "${role}"`)
  }
  if (upstream === undefined) {
    throw new ConfigError('DIMMER_UPSTREAM is missing: the address of the server that the edge serves on')
  }
  if (key === undefined || !/^[\x21-\x7e]+$/.test(key)) {
    throw new ConfigError('DIMMER_EDGE_KEY is missing: a server SDK key of the environment that the edge serves on')
  }
  return { upstream: upstream.replace(/\/+$/, ''), key }
}

const LOG_LEVELS = ['info', 'debug', 'warn', 'error', 'silent'] as const

function secretKey(env: Environment): string | undefined {
  const key = text(env, 'DIMMER_SECRET_KEY')
  if (key === undefined || key.length >= 32) return key
  throw new ConfigError('DIMMER_SECRET_KEY is too short: use at least 32 characters, the same on all nodes')
}

/** Reads and checks all settings; throws `ConfigError` on the first that is wrong. */
export function readConfig(env: Environment = process.env): Config {
  const host = text(env, 'HOST') ?? '127.0.0.1'
  const role = oneOf(env, 'DIMMER_ROLE', NODE_ROLES)
  return {
    role,
    edge: edge(env, role),
    metricsToken: text(env, 'DIMMER_METRICS_TOKEN'),
    host,
    access: readAccess(env, isLoopback(host)),
    trustedProxies: list(env, 'DIMMER_TRUSTED_PROXIES'),
    port: integer(env, 'PORT', { default: 4400, min: 0, max: 65_535 }),
    dataDir: resolve(text(env, 'DIMMER_DATA') ?? './.dimmer'),
    databaseUrl: url(env, 'DATABASE_URL', ['postgres', 'postgresql']),
    redisUrl: url(env, 'REDIS_URL', ['redis', 'rediss']),
    secretKey: secretKey(env),
    heartbeatMs: integer(env, 'DIMMER_HEARTBEAT_MS', { default: 15_000, min: 100, max: 60_000 }),
    lookEveryMs: integer(env, 'DIMMER_LOOK_EVERY_MS', { default: 5_000, min: 100, max: 3_600_000 }),
    retention: readRetention(env),
    privateAllowed: privateAllowed(env),
    logLevel: oneOf(env, 'LOG_LEVEL', LOG_LEVELS),
  }
}
