import type {
  CreateProject,
  CreateSdkKey,
  InstanceView,
  NewSdkKey,
  ProjectView,
  ReceiptSummary,
  SdkKeyView,
  StaleReport,
} from '../admin-messages.ts'
import { enc, query, type Send } from '../admin-sender.ts'
import type { EventHealth } from '../event-messages.ts'
import type {
  ContextSigningView,
  CreateSigningSecret,
  NewSigningSecret,
  PutContextSigning,
  SigningSecretView,
} from '../signing-messages.ts'

export const projectCalls = (send: Send) => {
  const at = (project: string, environment: string) => `/projects/${enc(project)}/environments/${enc(environment)}`
  return {
    listProjects: () => send<readonly ProjectView[]>('GET', '/projects'),
    createProject: (project: CreateProject) => send<ProjectView>('POST', '/projects', project),
    listSdkKeys: (project: string, environment: string) =>
      send<readonly SdkKeyView[]>('GET', `${at(project, environment)}/keys`),
    createSdkKey: (project: string, environment: string, key: CreateSdkKey) =>
      send<NewSdkKey>('POST', `${at(project, environment)}/keys`, key),
    revokeSdkKey: (project: string, environment: string, id: string) =>
      send<SdkKeyView>('DELETE', `${at(project, environment)}/keys/${enc(id)}`),
    /** What browsers have to have signed, and with which secrets. */
    contextSigning: (project: string, environment: string) =>
      send<ContextSigningView>('GET', `${at(project, environment)}/context-signing`),
    putContextSigning: (project: string, environment: string, parts: PutContextSigning) =>
      send<ContextSigningView>('PUT', `${at(project, environment)}/context-signing`, parts),
    createSigningSecret: (project: string, environment: string, parts: CreateSigningSecret) =>
      send<NewSigningSecret>('POST', `${at(project, environment)}/context-signing/secrets`, parts),
    revokeSigningSecret: (project: string, environment: string, id: string) =>
      send<SigningSecretView>('DELETE', `${at(project, environment)}/context-signing/secrets/${enc(id)}`),
    /** Which events have arrived, how fast, and what was lost. */
    eventHealth: (project: string, environment: string) =>
      send<EventHealth>('GET', `${at(project, environment)}/events`),
    listInstances: (project: string, environment: string) =>
      send<readonly InstanceView[]>('GET', `${at(project, environment)}/instances`),
    /** Who runs `version` (default: the latest) or a later one. */
    receipts: (project: string, environment: string, version?: number) =>
      send<ReceiptSummary>('GET', `${at(project, environment)}/receipts${query({ version })}`),
    staleFlags: (project: string, options: { days?: number; asOf?: string } = {}) =>
      send<StaleReport>('GET', `/projects/${enc(project)}/hygiene/stale${query(options)}`),
    /** Address of the live event stream (SSE) of a project. */
    livePath: (project: string) => `/api/v1/projects/${enc(project)}/live`,
  }
}
