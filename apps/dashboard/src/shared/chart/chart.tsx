import { Skeleton, Stack, Text } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import classes from './chart.module.css'
import { type ChartModel, valueAt } from './chart-model.ts'

const Plot = lazy(() => import('./plot.tsx').then(module => ({ default: module.Plot })))

interface EntryProps {
  readonly label: string
  readonly color: string
  readonly dashed: boolean
  readonly value?: string | undefined
}

function LegendEntry({ label, color, dashed, value }: EntryProps) {
  return (
    <span className={classes.entry}>
      <span className={classes.swatch} data-dashed={dashed || undefined} style={{ borderColor: `var(${color})` }} />
      {label}
      {value !== undefined && <span className={classes.value}>{value}</span>}
    </span>
  )
}

function Legend({ model, index }: { readonly model: ChartModel; readonly index: number | undefined }) {
  return (
    <div className={classes.legend} aria-hidden="true">
      {model.lines.map(line => {
        const value = valueAt(line.values, index)
        return (
          <LegendEntry
            key={line.label}
            label={line.label}
            color={line.color}
            dashed={line.dash !== undefined}
            value={value === undefined ? undefined : model.format(value)}
          />
        )
      })}
      {model.limit !== undefined && (
        <LegendEntry label="Limit" color="--dimmer-limit" dashed value={model.format(model.limit)} />
      )}
    </div>
  )
}

/** A chart over time. The legend reads the latest values, or those under the pointer. */
export function Chart({ model }: { readonly model: ChartModel }) {
  const [index, setIndex] = useState<number | undefined>(undefined)
  return (
    <Stack gap={4} component="figure" m={0}>
      <Text component="figcaption" size="xs" fw={600}>
        {model.title}
      </Text>
      {model.times.length === 0 ? (
        <Text size="sm" c="dimmed">
          No data yet.
        </Text>
      ) : (
        <>
          <Legend model={model} index={index} />
          <Suspense fallback={<Skeleton height={160} />}>
            <Plot model={model} onHover={setIndex} />
          </Suspense>
        </>
      )}
    </Stack>
  )
}
