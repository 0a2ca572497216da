/** The only reader of the environment. */
import { resolve } from 'node:path'
import { isLoopback } from './kernel/loopback.ts'
import { isAllowance, type PrivateAllowed } from './kernel/public-address.ts'

export interface Config {
  readonly port: number
  readonly host: string
  /** Folder of the embedded database. */
  readonly dataDir: string
  /** Absent: the embedded database. */
  readonly databaseUrl: string | undefined
  /** Absent: no Redis. */
  readonly redisUrl: string | undefined
  /** Must be sent as a bearer token to the admin API. Absent: loopback only, without a token. */
  readonly adminToken: string | undefined
  /** Least time between two looks at a running rollout, in ms. */
  readonly lookEveryMs: number
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

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** Reads and checks all settings; throws `ConfigError` on the first that is wrong. */
export function readConfig(env: Environment = process.env): Config {
  const host = text(env, 'HOST') ?? '127.0.0.1'
  const adminToken = text(env, 'DIMMER_ADMIN_TOKEN')
  if (!isLoopback(host) && adminToken === undefined) {
    throw new ConfigError(
      `HOST is "${host}", which other machines may reach, but DIMMER_ADMIN_TOKEN is not set: anybody could switch flags. ` +
        'Set DIMMER_ADMIN_TOKEN to a long random text, or leave HOST at 127.0.0.1',
    )
  }
  if (adminToken !== undefined && adminToken.length < 16) {
    throw new ConfigError('DIMMER_ADMIN_TOKEN is too short: use at least 16 characters')
  }
  const logLevel = text(env, 'LOG_LEVEL') ?? 'info'
  const level = LOG_LEVELS.find(known => known === logLevel)
  if (level === undefined) throw new ConfigError(`LOG_LEVEL is "${logLevel}"; allowed: ${LOG_LEVELS.join(', ')}`)
  return {
    host,
    adminToken,
    port: integer(env, 'PORT', { default: 4400, min: 0, max: 65_535 }),
    dataDir: resolve(text(env, 'DIMMER_DATA') ?? './.dimmer'),
    databaseUrl: url(env, 'DATABASE_URL', ['postgres', 'postgresql']),
    redisUrl: url(env, 'REDIS_URL', ['redis', 'rediss']),
    lookEveryMs: integer(env, 'DIMMER_LOOK_EVERY_MS', { default: 5_000, min: 100, max: 3_600_000 }),
    privateAllowed: privateAllowed(env),
    logLevel: level,
  }
}
