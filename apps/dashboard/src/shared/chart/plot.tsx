import { useComputedColorScheme } from '@mantine/core'
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { type ChartModel, describeChart } from './chart-model.ts'
import { PLOT_HEIGHT, plotOptions } from './plot-options.ts'

interface Props {
  readonly model: ChartModel
  readonly onHover: (index: number | undefined) => void
}

const readVariable = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

const dataOf = ({ times, lines }: ChartModel): uPlot.AlignedData => [[...times], ...lines.map(line => [...line.values])]

/** Draws a chart on a canvas. Loaded only where a chart is shown. */
export function Plot({ model, onHover }: Props) {
  const { ref: measured, width } = useElementSize<HTMLDivElement>()
  const target = useRef<HTMLDivElement>(null)
  const ref = useMergedRef(measured, target)
  const scheme = useComputedColorScheme('light')
  const plot = useRef<uPlot | undefined>(undefined)
  const latest = useRef({ model, onHover })
  const shape = JSON.stringify([
    model.lines.map(({ label, color, dash, edge }) => [label, color, dash, edge]),
    model.band,
  ])

  useEffect(() => {
    latest.current = { model, onHover }
    plot.current?.setData(dataOf(model))
  }, [model, onHover])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new scheme or shape needs new colors and series
  useEffect(() => {
    if (target.current === null || width === 0) return
    const drawn = new uPlot(
      plotOptions(width, {
        model: () => latest.current.model,
        read: readVariable,
        onHover: index => latest.current.onHover(index),
      }),
      dataOf(latest.current.model),
      target.current,
    )
    plot.current = drawn
    return () => {
      drawn.destroy()
      plot.current = undefined
    }
  }, [width, scheme, shape])

  return <div ref={ref} role="img" aria-label={describeChart(model)} style={{ height: PLOT_HEIGHT }} />
}
