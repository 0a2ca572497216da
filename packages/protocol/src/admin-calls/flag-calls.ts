import type { Context, FlagKey, RuleId, Share } from '@dimmer/engine'
import type { CreateFlag, FlagChanged, FlagView, KillAnswer, PutFlagConfig, UpdateFlag } from '../admin-messages.ts'
import { enc, query, type Send } from '../admin-sender.ts'

/** Where a flag's config lives. */
export interface FlagPlace {
  readonly project: string
  readonly flag: FlagKey
  readonly environment: string
}

export const flagAddress = (place: FlagPlace) =>
  `/projects/${enc(place.project)}/flags/${enc(place.flag)}/environments/${enc(place.environment)}`

export const flagCalls = (send: Send) => {
  const at = flagAddress
  return {
    listFlags: (project: string) => send<readonly FlagView[]>('GET', `/projects/${enc(project)}/flags`),
    getFlag: (project: string, flag: string) => send<FlagView>('GET', `/projects/${enc(project)}/flags/${enc(flag)}`),
    createFlag: (project: string, flag: CreateFlag) => send<FlagView>('POST', `/projects/${enc(project)}/flags`, flag),
    updateFlag: (project: string, flag: string, change: UpdateFlag) =>
      send<FlagView>('PATCH', `/projects/${enc(project)}/flags/${enc(flag)}`, change),
    archiveFlag: (project: string, flag: string) =>
      send<FlagView>('DELETE', `/projects/${enc(project)}/flags/${enc(flag)}`),
    putFlagConfig: (place: FlagPlace, config: PutFlagConfig) => send<FlagChanged>('PUT', at(place), config),
    /** Switches on or off and answers at once. */
    switchFlag: (place: FlagPlace, on: boolean) => send<FlagChanged>('POST', `${at(place)}/switch`, { on }),
    /** Switches off and waits up to `waitMs` (at most 10,000) for every connected SDK instance to confirm. */
    kill: (place: FlagPlace, waitMs = 2_000) => send<KillAnswer>('POST', `${at(place)}/kill${query({ waitMs })}`),
    setShare: (place: FlagPlace, rule: RuleId, share: Share) =>
      send<FlagChanged>('PUT', `${at(place)}/rules/${enc(rule)}/share`, share),
    explain: (project: string, environment: string, request: { flag: FlagKey; context: Context }) =>
      send<unknown>('POST', `/projects/${enc(project)}/environments/${enc(environment)}/explain`, request),
  }
}
