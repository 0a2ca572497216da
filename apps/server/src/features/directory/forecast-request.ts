import type { ChangeForecast } from '@dimmer/protocol'
import { findRequestedChange } from '../approvals/index.ts'
import { forecastConfig } from './forecast-config.ts'
import { forecastSegment } from './forecast-segment.ts'
import type { DirectoryDeps } from './upload-directory.ts'

/** Who would gain and lose what if a change request were applied now. */
export async function forecastRequest(
  deps: DirectoryDeps,
  place: { readonly projectId: string; readonly id: string },
): Promise<ChangeForecast> {
  const change = await findRequestedChange(deps.db, place)
  if (change.kind === 'segment') return forecastSegment(deps, { ...change, projectId: place.projectId })
  const { environment, flagKey } = change
  const forecast = await forecastConfig(deps, change, { by: [] })
  return { flags: [{ flag: flagKey, environment: environment.key, forecast }], more: 0 }
}
