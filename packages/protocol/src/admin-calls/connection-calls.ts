import { asCsv, enc, type Send } from '../admin-sender.ts'
import type {
  ConnectionView,
  CreateConnectionInput,
  NewConnection,
  TicketsUploaded,
  UndeliveredRetried,
  UndeliveredView,
} from '../connection-messages.ts'

export const connectionCalls = (send: Send) => {
  const environmentAt = (project: string, environment: string) =>
    `/projects/${enc(project)}/environments/${enc(environment)}`
  const at = (project: string, environment: string, key?: string) =>
    `${environmentAt(project, environment)}/connections${key === undefined ? '' : `/${enc(key)}`}`
  return {
    listConnections: (project: string, environment: string) =>
      send<readonly ConnectionView[]>('GET', at(project, environment)),
    createConnection: (project: string, environment: string, parts: CreateConnectionInput) =>
      send<NewConnection>('POST', at(project, environment), parts),
    deleteConnection: (project: string, environment: string, key: string) =>
      send<undefined>('DELETE', at(project, environment, key)),
    /** What the other side refused for good: the oldest 100. */
    listUndelivered: (project: string, environment: string, key: string) =>
      send<readonly UndeliveredView[]>('GET', `${at(project, environment, key)}/undelivered`),
    /** Sends them once more. */
    retryUndelivered: (project: string, environment: string, key: string) =>
      send<UndeliveredRetried>('POST', `${at(project, environment, key)}/undelivered/retry`),
    /** Takes the support tickets of a CSV file. */
    uploadTickets: (project: string, environment: string, file: Blob) =>
      send<TicketsUploaded>('POST', `${environmentAt(project, environment)}/tickets/csv`, asCsv(file)),
  }
}
