import type { FlagConfig, FlagPlace } from '@dimmer/protocol'
import { Box, Group, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { Loaded } from '../../../shared/ui/loaded.tsx'
import { useWhyNot } from '../../access/index.ts'
import { type ForecastChoice, forecastQuery } from '../flag-queries.ts'
import classes from './forecast.module.css'
import { ForecastChoiceFields } from './forecast-choice.tsx'
import { ForecastReport } from './forecast-report.tsx'
import { ForecastTimeField } from './forecast-time.tsx'
import { laterTimes } from './later-times.ts'

interface Props {
  readonly place: FlagPlace
  /** The config as it would be. */
  readonly config: FlagConfig
}

/** While a slider is on its way, the server is not asked. */
const SETTLE_MS = 250

/** Who would gain and lose the flag, before anything is changed; for those who may not see names: why they don't. */
export function ForecastPreview(props: Props) {
  const whyNot = useWhyNot('directory:read', { project: props.place.project })
  if (whyNot === undefined) return <Forecast {...props} />
  return (
    <Text size="sm" c="dimmed">
      No forecast: {whyNot}
    </Text>
  )
}

function Forecast({ place, config }: Props) {
  const [settled] = useDebouncedValue(JSON.stringify(config), SETTLE_MS, { leading: true })
  const [chosen, setChoice] = useState<ForecastChoice>({})
  const [openedAt] = useState(Date.now)
  const asked: FlagConfig = JSON.parse(settled)
  const times = laterTimes(asked, openedAt)
  const { at, ...rest } = chosen
  // A time that was chosen may be one of a rule that has changed since.
  const choice: ForecastChoice = at !== undefined && times.includes(at) ? chosen : rest
  const query = useQuery({
    ...forecastQuery(useApi(), place, { config: asked, choice }),
    placeholderData: keepPreviousData,
  })
  const outdated = query.isPlaceholderData || settled !== JSON.stringify(config)
  return (
    <Box component="section" className={classes.forecast} aria-label="Forecast" aria-busy={outdated}>
      <Group justify="space-between" gap="xs">
        <Text size="xs" fw={600} c="dimmed">
          {outdated && query.data !== undefined ? 'Forecast, being worked out anew' : 'Forecast'}
        </Text>
        <Group gap={6}>
          <ForecastTimeField times={times} choice={choice} onChange={setChoice} />
          <ForecastChoiceFields project={place.project} choice={choice} onChange={setChoice} />
        </Group>
      </Group>
      <div className={classes.body} data-outdated={outdated || undefined}>
        <Loaded query={query} lines={2} lineHeight={18}>
          {forecast => <ForecastReport forecast={forecast} place={place} config={asked} at={choice.at} />}
        </Loaded>
      </div>
    </Box>
  )
}
