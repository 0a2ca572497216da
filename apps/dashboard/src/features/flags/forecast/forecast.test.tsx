// @vitest-environment happy-dom
import { fireEvent, screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { renderWith } from '../../../../test/render.ts'
import { SAMPLE_FLAGS, sampleConfig } from '../../../../test/sample-flags.ts'
import { sampleForecast } from '../../../../test/sample-forecast.ts'
import { withShare } from '../flag-config.ts'
import { ForecastPreview } from './forecast-preview.tsx'
import { bigWords, breakdownWords, dormantWords, groupWords } from './forecast-words.ts'
import { laterTimes } from './later-times.ts'

const place = { project: 'invoicing', flag: 'new-pdf-engine', environment: 'production' }
const config = (percent: number, unit = 'account') => {
  const [flag] = SAMPLE_FLAGS
  if (flag === undefined) throw new Error('there are sample flags')
  return withShare(sampleConfig(flag, 'production'), 'rollout', { unit, percent })
}

const preview = (options: Parameters<typeof sampleForecast>[0]) => {
  const forecast = sampleForecast(options)
  const seen = renderWith(<ForecastPreview place={place} config={config(25)} />, () => ({ body: forecast }))
  return { forecast, seen }
}

describe('ForecastPreview', () => {
  it('asks for the config as it would be, and says the sentence', async () => {
    const { forecast, seen } = preview({})
    expect(screen.getByLabelText('Loading')).toBeTruthy()
    expect(await screen.findByText(forecast.sentence)).toBeTruthy()
    expect(seen).toEqual([
      {
        method: 'POST',
        path: '/projects/invoicing/flags/new-pdf-engine/environments/production/forecast',
        body: config(25),
      },
    ])
    expect(screen.getByText('Nobody loses it')).toBeTruthy()
  })

  it('names who gains it, as far as they are named, and counts the rest', async () => {
    const { forecast } = preview({ accounts: 4_000 })
    const { accounts, users } = forecast
    const summary = await screen.findByText(groupWords('gains', [accounts, users]))
    const group = within(summary.closest('details') ?? document.body)
    const [first] = accounts.gains.names
    expect(group.getByText(first?.id ?? '')).toBeTruthy()
    expect(group.getByText(`and ${accounts.gains.count - 100} more`)).toBeTruthy()
  })

  it('shows split teams and the biggest accounts', async () => {
    const { forecast } = preview({ unit: 'user', percent: 50 })
    expect(
      await screen.findByText(new RegExp(`^${forecast.splitTeams.after} split teams: accounts whose`)),
    ).toBeTruthy()
    expect(screen.getByText(/^Biggest that gain it: Company \d+ \(mrr 1,\d+\), /)).toBeTruthy()
    expect(screen.getByText(/^By plan: free \d+ of 360, enterprise \d+ of 40$/)).toBeTruthy()
  })

  it('says what is written and what comes of it where another flag holds units back', async () => {
    preview({ config: { prerequisites: [{ flag: 'redesigned-dashboard', variants: ['redesigned'] }] } })
    expect(await screen.findByText(/^Rule rollout says 25\s% of accounts; really .* because of redesigned-dashboard/))
  })

  it('says which rules are not in force, and asks for the time at which they are', async () => {
    const [from, until] = ['2999-03-01T09:00:00.000Z', '2999-04-01T09:00:00.000Z']
    const scheduled = { ...config(25), rules: config(25).rules.map(rule => ({ ...rule, from, until })) }
    const forecast = sampleForecast({ config: { rules: scheduled.rules } })
    const seen = renderWith(<ForecastPreview place={place} config={scheduled} />, () => ({ body: forecast }))
    const words = `Rule rollout is not in force now, only from ${from} until ${until}: nobody is counted for it.`
    expect(await screen.findByText(words)).toBeTruthy()
    const options = within(screen.getByLabelText('Forecast for')).getAllByRole('option')
    expect(options.map(option => option.getAttribute('value'))).toEqual(['', from, until])
    fireEvent.change(screen.getByLabelText('Forecast for'), { target: { value: from } })
    await screen.findByText(/^Rule rollout is not in force then/)
    expect(seen.map(({ path }) => path.split('?')[1])).toEqual([undefined, `at=${encodeURIComponent(from)}`])
  })

  it('says honestly that nobody is known', async () => {
    preview({ accounts: 0 })
    const words = "Dimmer doesn't know your accounts yet: send identify() or upload them."
    expect(await screen.findByText(words)).toBeTruthy()
  })

  it('shows why there is no forecast, and asks again on request', async () => {
    const error = { code: 'invalid-flag', message: 'Prerequisites form a circle.' }
    renderWith(<ForecastPreview place={place} config={config(25)} />, () => ({ status: 422, body: { error } }))
    expect(await screen.findByText('Prerequisites form a circle.')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy()
  })
})

describe('words', () => {
  const { accounts, users } = sampleForecast({ accounts: 40 })
  const group = (count: number) => ({ count, names: [] })

  it('count units of one or two kinds', () => {
    const one = { ...accounts, gains: group(1) }
    const more = { ...users, gains: group(2_301) }
    expect(groupWords('gains', [one])).toBe('1 account gains it')
    expect(groupWords('gains', [one, more])).toBe('1 account and 2,301 users gain it')
    expect(groupWords('losses', [one, more])).toBe('Nobody loses it')
  })

  it('name the biggest and count the others', () => {
    const units = [5, 4, 3, 2].map(value => ({ id: `acc-${value}`, value }))
    expect(bigWords(units, 'seats')).toBe('acc-5 (seats 5), acc-4 (seats 4), acc-3 (seats 3) and 1 more')
    expect(bigWords([{ id: 'a', name: 'Acme', value: 12_004 }], 'mrr')).toBe('Acme (mrr 12,004)')
  })

  it('count many with separators', () => {
    const units = Array.from({ length: 1_429 }, (_, value) => ({ id: `acc-${value}`, value }))
    expect(bigWords(units, 'seats')).toMatch(/ and 1,426 more$/)
  })

  it('name the rules that have not begun or are over, and the times that are still to come', () => {
    const dormantRules = [{ ruleId: 'r', ruleName: 'launch', from: undefined, until: '2026-03-01' }]
    expect(dormantWords({ dormantRules }, false)).toEqual([
      'Rule launch is not in force then, only until 2026-03-01: nobody is counted for it.',
    ])
    const rule = { id: 'r', serve: { variant: 'on' } }
    const rules = [
      { ...rule, from: '2026-03-02', until: '2026-03-01T00:00:00Z' },
      { ...rule, from: '2026-03-02T01:00:00+01:00', until: 'soon' },
      { ...rule, until: '2025-01-01' },
    ]
    expect(laterTimes({ ...config(5), rules }, Date.UTC(2026, 0, 1))).toEqual([
      '2026-03-01T00:00:00.000Z',
      '2026-03-02T00:00:00.000Z',
    ])
  })

  it('give a breakdown in one line', () => {
    const row = { before: 0, gains: 0, losses: 0 }
    const rows = [
      { value: 'free', all: 6_000, after: 12, ...row },
      { value: null, all: 3, after: 1, ...row },
    ]
    const breakdown = { unit: 'account', attribute: 'plan', rows, moreValues: 2 } as const
    expect(breakdownWords(breakdown)).toBe('free 12 of 6,000, not known 1 of 3, 2 more')
    const lost = rows.map(one => ({ ...one, after: 0, losses: one.after }))
    expect(breakdownWords({ ...breakdown, rows: lost, moreValues: 0 })).toBe('free loses 12, not known loses 1')
  })
})
