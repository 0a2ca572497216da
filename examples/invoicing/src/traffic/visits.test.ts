import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StartedExample, startExample } from '../../test/start-example.ts'
import { createPopulation } from '../population/population.ts'
import { Visits } from './visits.ts'

const population = createPopulation()
let example: StartedExample
beforeAll(async () => {
  example = await startExample(population, { situation: { version: 1, percent: 0 } })
})
afterAll(() => example.close())

describe('visits of the dashboard', () => {
  it('make more invoices and take fewer PDFs away in the new layout, each user once, and Dimmer is told', async () => {
    const visits = new Visits(population, { visitors: 20 })
    const over = AbortSignal.abort()
    await visits.run({ baseUrls: [example.api.url], signal: over })
    expect(visits.tally).toEqual({})
    await visits.run({ baseUrls: [example.api.url] })
    const { classic, redesigned } = visits.tally
    if (!classic || !redesigned) throw new Error('each layout has visitors')
    expect(classic.visitors + redesigned.visitors).toBe(20)
    const perVisitor = (of: typeof classic) => [of.created / of.visitors, of.exported / of.visitors] as const
    expect(perVisitor(classic)).toEqual([expect.closeTo(2.5, 0), expect.closeTo(2.5, 0)])
    expect(redesigned.created / redesigned.visitors).toBeGreaterThan(classic.created / classic.visitors)
    expect(redesigned.exported / redesigned.visitors).toBeLessThan(classic.exported / classic.visitors)
    await example.client.flush()
    const { batches } = example.dimmer
    const tracks = batches.flatMap(batch => batch.tracks).map(({ name }) => name)
    const exposed = batches.flatMap(({ firstExposures }) =>
      firstExposures.flatMap(({ flag, unitId }) => (flag === 'redesigned-dashboard' ? [unitId] : [])),
    )
    expect(tracks.filter(name => name === 'invoice.created')).toHaveLength(classic.created + redesigned.created)
    expect(tracks.filter(name => name === 'pdf.exported')).toHaveLength(classic.exported + redesigned.exported)
    expect(new Set(exposed).size).toBe(20)
  })

  it('end when nobody answers', async () => {
    const visits = new Visits(population, { visitors: 3 })
    await visits.run({ baseUrls: ['http://127.0.0.1:1'] })
    expect(visits.tally).toEqual({})
  })
})
