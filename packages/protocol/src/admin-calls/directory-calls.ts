import type { FlagConfig } from '../admin-messages.ts'
import { asCsv, enc, query, type Send } from '../admin-sender.ts'
import type {
  AttributeView,
  DirectoryUploaded,
  Erased,
  ForecastNames,
  ForecastNamesQuery,
  ForecastQuery,
  ForecastView,
  RetentionView,
  UploadDirectory,
} from '../directory-messages.ts'
import type { ExperimentView, ReadExperiment } from '../experiment-messages.ts'
import { type FlagPlace, flagAddress } from './flag-calls.ts'

export const directoryCalls = (send: Send) => ({
  /** Adds a batch, of at most 5,000 accounts and 5,000 users, to what is known. */
  uploadDirectory: (project: string, batch: UploadDirectory) =>
    send<DirectoryUploaded>('POST', `/projects/${enc(project)}/directory`, batch),
  /** Adds the accounts or users of a CSV file to what is known. */
  uploadDirectoryCsv: (project: string, of: 'account' | 'user', file: Blob) =>
    send<DirectoryUploaded>('POST', `/projects/${enc(project)}/directory/csv${query({ of })}`, asCsv(file)),
  /** How long things are kept, in all projects. */
  retention: () => send<RetentionView>('GET', '/retention'),
  /** Deletes a unit and everything that is known about it, in all environments; `users`: with an account its users too. */
  eraseUnit: (project: string, { unit, id, users = false }: { unit: string; id: string; users?: boolean }) =>
    send<Erased>(
      'DELETE',
      `/projects/${enc(project)}/directory/${enc(unit)}/${enc(id)}${query({ users: users ? 'true' : undefined })}`,
    ),
  /** What accounts and users are known by, the most common first. */
  listAttributes: (project: string) =>
    send<readonly AttributeView[]>('GET', `/projects/${enc(project)}/directory/attributes`),
  /** Who would gain, lose and keep the flag if its config were this. */
  forecast: (place: FlagPlace, config: FlagConfig, options: ForecastQuery = {}) =>
    send<ForecastView>('POST', `${flagAddress(place)}/forecast${query({ ...options })}`, config),
  /** A flag's split as an A/B test: each arm against the baseline, by each metric. */
  readExperiment: (place: FlagPlace, request: ReadExperiment) =>
    send<ExperimentView>('POST', `${flagAddress(place)}/experiment`, request),
  /** Everybody in a group of that forecast, page by page. */
  forecastNames: (place: FlagPlace, config: FlagConfig, part: ForecastNamesQuery) =>
    send<ForecastNames>('POST', `${flagAddress(place)}/forecast/names${query({ ...part })}`, config),
})
