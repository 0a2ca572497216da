import type uPlot from 'uplot'
import { type ChartModel, timeLabel } from './chart-model.ts'

/** Reads a CSS variable: a canvas doesn't know them. */
export type ReadVariable = (name: string) => string

const LABEL_PX = 11
const HEIGHT = 160

interface Paint {
  readonly model: () => ChartModel
  readonly read: ReadVariable
  readonly onHover: (index: number | undefined) => void
}

const labelFont = (read: ReadVariable, px: number): string => `${px}px ${read('--mantine-font-family')}`

function drawLimit(plot: uPlot, { model, read }: Paint): void {
  const { limit } = model()
  if (limit === undefined) return
  const { ctx, bbox } = plot
  const y = plot.valToPos(limit, 'y', true)
  ctx.strokeStyle = read('--dimmer-limit')
  ctx.lineWidth = 1.5 * devicePixelRatio
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
}

function drawMoments(plot: uPlot, { model, read }: Paint): void {
  const { ctx, bbox } = plot
  ctx.setLineDash([])
  ctx.lineWidth = devicePixelRatio
  ctx.strokeStyle = read('--dimmer-control')
  ctx.fillStyle = read('--mantine-color-dimmed')
  ctx.font = labelFont(read, LABEL_PX * devicePixelRatio)
  ctx.textBaseline = 'bottom'
  ctx.textAlign = 'left'
  for (const { at, label } of model().moments) {
    const x = plot.valToPos(at, 'x', true)
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.globalAlpha = 0.5
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.globalAlpha = 1
    const furthest = bbox.left + bbox.width - ctx.measureText(label).width
    ctx.fillText(label, Math.min(x, furthest), bbox.top - 3 * devicePixelRatio)
  }
}

function axes({ model, read }: Paint): uPlot.Axis[] {
  const shared = {
    stroke: read('--mantine-color-dimmed'),
    font: labelFont(read, LABEL_PX),
    grid: { stroke: read('--mantine-color-default-border'), width: 1 },
    ticks: { show: false },
  }
  return [
    {
      ...shared,
      grid: { show: false },
      space: 70,
      size: 26,
      values: (...[, at, , , step]) => at.map(one => timeLabel(one, step)),
    },
    { ...shared, size: 58, space: 34, values: (_, at) => at.map(model().format) },
  ]
}

function bands(model: ChartModel, read: ReadVariable): uPlot.Band[] {
  if (model.band === undefined) return []
  const [upper, lower] = model.band.map(label => model.lines.findIndex(line => line.label === label) + 1)
  if (upper === undefined || lower === undefined) return []
  return [{ series: [upper, lower], fill: `color-mix(in srgb, ${read('--dimmer-treated')} 16%, transparent)` }]
}

/** How uPlot is to draw a chart of this shape. Values and the scale's top are read anew at each draw. */
export function plotOptions(width: number, paint: Paint): uPlot.Options {
  const { model, read, onHover } = paint
  return {
    width,
    height: HEIGHT,
    padding: [18, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: () => [0, model().top || 1] } },
    axes: axes(paint),
    bands: bands(model(), read),
    series: [
      {},
      ...model().lines.map(line => ({
        label: line.label,
        stroke: read(line.color),
        width: line.edge === true ? 1 : 2,
        spanGaps: false,
        points: { show: false },
        ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
      })),
    ],
    hooks: {
      draw: [plot => drawLimit(plot, paint), plot => drawMoments(plot, paint)],
      setCursor: [plot => onHover(plot.cursor.idx ?? undefined)],
    },
  }
}

export { HEIGHT as PLOT_HEIGHT }
