import type { ForecastGroup } from '@dimmer/engine'
import type { FlagConfig, FlagPlace, ForecastNamesQuery } from '@dimmer/protocol'
import { Button, Group } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { downloadText } from '../../../shared/download-text.ts'
import { CopyTextButton } from '../../../shared/ui/copy-text-button.tsx'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { Names } from './names.tsx'
import { namesAsCsv } from './names-csv.ts'

interface Props {
  readonly place: FlagPlace
  readonly config: FlagConfig
  /** For which time, RFC 3339; undefined: now. */
  readonly at: string | undefined
  readonly of: ForecastNamesQuery['of']
  readonly unit: 'account' | 'user'
  readonly group: ForecastGroup
}

const MORE = 500
const AT_ONCE = 100_000

/** The units of a group: the first of them, more on request, all of them as a file. */
export function AllNames({ place, config, at, of, unit, group }: Props) {
  const api = useApi()
  const [more, setMore] = useState<ForecastGroup['names']>([])
  const names = [...group.names, ...more]
  const page = (offset: number, limit: number) =>
    api.forecastNames(place, config, { of, unit, offset, limit, ...(at !== undefined && { at }) })
  const show = useMutation({
    mutationFn: () => page(names.length, MORE),
    onSuccess: answer => setMore([...more, ...answer.names]),
  })
  const download = useMutation({
    mutationFn: async () => {
      const all = []
      for (;;) {
        const part = await page(all.length, AT_ONCE)
        for (const name of part.names) all.push(name)
        if (!part.more) break
      }
      downloadText(`${place.flag}-${of}-${unit}s.csv`, namesAsCsv(unit, all))
    },
  })
  const error = show.error ?? download.error
  return (
    <div>
      <Names unit={unit} group={{ count: group.count, names }} />
      <Group gap={6} mb={6}>
        {names.length < group.count && (
          <Button size="compact-xs" variant="default" loading={show.isPending} onClick={() => show.mutate()}>
            Show more
          </Button>
        )}
        <CopyTextButton value={names.map(({ id }) => id).join('\n')} label="Copy these ids" />
        <Button size="compact-xs" variant="default" loading={download.isPending} onClick={() => download.mutate()}>
          Download all as CSV
        </Button>
      </Group>
      {error !== null && <ErrorAlert error={error} />}
    </div>
  )
}
