import type uPlot from 'uplot'
import { type ChartModel, timeLabel } from './chart-model.ts'

/** Reads a CSS variable: a canvas doesn't know them. */
export type ReadColor = (name: string) => string

const LABEL_FONT = '11px system-ui, sans-serif'
const HEIGHT = 160

interface Paint {
  readonly model: () => ChartModel
  readonly color: ReadColor
  readonly onHover: (index: number | undefined) => void
}

function drawLimit(plot: uPlot, { model, color }: Paint): void {
  const { limit } = model()
  if (limit === undefined) return
  const { ctx, bbox } = plot
  const y = plot.valToPos(limit, 'y', true)
  ctx.strokeStyle = color('--dimmer-limit')
  ctx.lineWidth = 1.5 * devicePixelRatio
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
}

function drawMoments(plot: uPlot, { model, color }: Paint): void {
  const { ctx, bbox } = plot
  ctx.setLineDash([])
  ctx.lineWidth = devicePixelRatio
  ctx.strokeStyle = color('--dimmer-control')
  ctx.fillStyle = color('--mantine-color-dimmed')
  ctx.font = LABEL_FONT.replace('11', String(11 * devicePixelRatio))
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

function axes({ model, color }: Paint): uPlot.Axis[] {
  const shared = {
    stroke: color('--mantine-color-dimmed'),
    font: LABEL_FONT,
    grid: { stroke: color('--mantine-color-default-border'), width: 1 },
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

function bands(model: ChartModel, color: ReadColor): uPlot.Band[] {
  if (model.band === undefined) return []
  const [upper, lower] = model.band.map(label => model.lines.findIndex(line => line.label === label) + 1)
  if (upper === undefined || lower === undefined) return []
  return [{ series: [upper, lower], fill: `color-mix(in srgb, ${color('--dimmer-treated')} 16%, transparent)` }]
}

/** How uPlot is to draw a chart of this shape. Values and the scale's top are read anew at each draw. */
export function plotOptions(width: number, paint: Paint): uPlot.Options {
  const { model, color, onHover } = paint
  return {
    width,
    height: HEIGHT,
    padding: [18, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: () => [0, model().top || 1] } },
    axes: axes(paint),
    bands: bands(model(), color),
    series: [
      {},
      ...model().lines.map(line => ({
        label: line.label,
        stroke: color(line.color),
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
