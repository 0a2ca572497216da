import { nodePlatform, type Platform } from './platform.ts'
import type { Problem, ProblemLevel } from './problems.ts'
import type { ClientOptions, Hook } from './types.ts'

/** Checked options, with the defaults filled in. */
export interface Settings {
  readonly url: string
  readonly sdkKey: string
  readonly instanceId: string
  readonly flushIntervalMs: number
  readonly pollIntervalMs: number
  readonly connectTimeoutMs: number
  readonly maxEvents: number
  readonly bootstrap: unknown
  readonly cacheFolder: string | undefined
  readonly closeOnSigterm: boolean
  readonly hooks: readonly Hook[]
  readonly log: (level: ProblemLevel, problem: Problem) => void
  readonly platform: Platform
}

function checkedUrl(url: unknown): string {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new TypeError('createClient: "url" must be the address of a Dimmer server, e.g. "https://flags.example.com"')
  }
  return (parsed.origin + parsed.pathname).replace(/\/+$/, '')
}

/** Header values: visible ASCII only, or every single request would fail. */
function checkedText(name: 'sdkKey' | 'instanceId', value: unknown, what: string): string {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value
  throw new TypeError(`createClient: "${name}" must be ${what}`)
}

function checkedCount(name: string, value: unknown, byDefault: number): number {
  if (value === undefined) return byDefault
  if (typeof value === 'number' && value > 0 && value <= 2_147_483_647) return value
  throw new TypeError(`createClient: "${name}" must be a number above 0`)
}

function toConsole(level: ProblemLevel, { code, message }: Problem): void {
  console[level === 'error' ? 'error' : 'warn'](`[dimmer] ${code}: ${message}`)
}

/** @throws TypeError for options with which the client could never work. */
export function checkOptions(options: ClientOptions): Settings {
  if (typeof options !== 'object' || options === null) throw new TypeError('createClient: options are missing')
  const platform: Platform = {
    ...nodePlatform(),
    ...options.platform,
    ...(options.fetch && { fetch: options.fetch }),
    ...(options.now && { now: options.now }),
  }
  if (options.cacheFolder !== undefined && (typeof options.cacheFolder !== 'string' || options.cacheFolder === '')) {
    throw new TypeError('createClient: "cacheFolder" must be the path of a folder')
  }
  const instanceId = options.instanceId ?? platform.uuid()
  if (instanceId.length > 100) throw new TypeError('createClient: "instanceId" has 100 characters at the most')
  return {
    url: checkedUrl(options.url),
    sdkKey: checkedText('sdkKey', options.sdkKey, "an SDK key; make one on the environment's page in the dashboard"),
    instanceId: checkedText('instanceId', instanceId, '1 to 100 visible ASCII characters'),
    flushIntervalMs: checkedCount('flushIntervalMs', options.flushIntervalMs, 5_000),
    pollIntervalMs: checkedCount('pollIntervalMs', options.pollIntervalMs, 10_000),
    connectTimeoutMs: checkedCount('connectTimeoutMs', options.connectTimeoutMs, 10_000),
    maxEvents: checkedCount('maxEvents', options.maxEvents, 10_000),
    bootstrap: options.bootstrap,
    cacheFolder: options.cacheFolder,
    closeOnSigterm: options.closeOnSigterm ?? false,
    hooks: options.hooks ?? [],
    log: options.log ?? toConsole,
    platform,
  }
}
