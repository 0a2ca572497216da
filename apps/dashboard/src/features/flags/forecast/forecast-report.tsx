import type { Biggest, BigUnit, Breakdown, ChangeKind, UnitForecast } from '@dimmer/engine'
import type { FlagConfig, FlagPlace, ForecastView } from '@dimmer/protocol'
import { Stack, Text } from '@mantine/core'
import { count, counted } from '../../../shared/format/number.ts'
import { AllNames } from './all-names.tsx'
import classes from './forecast.module.css'
import {
  bigWords,
  breakdownWords,
  dormantWords,
  effectiveWords,
  groupWords,
  missingWords,
  uncountedWords,
} from './forecast-words.ts'

/** What was asked, so that more of the answer can be had. */
interface Asked {
  readonly place: FlagPlace
  readonly config: FlagConfig
  /** For which time, RFC 3339; undefined: now. */
  readonly at: string | undefined
}

function Group({ kind, units, ...asked }: Asked & { kind: ChangeKind; units: readonly UnitForecast[] }) {
  const words = groupWords(kind, units)
  const known = units.filter(unit => unit[kind].count > 0)
  if (known.length === 0) return <Text size="sm">{words}</Text>
  return (
    <details className={classes.group}>
      <summary>{words}</summary>
      {known.map(unit => (
        <AllNames key={unit.unit} {...asked} of={kind} unit={unit.unit} group={unit[kind]} />
      ))}
    </details>
  )
}

function SplitTeams({ teams, ...asked }: Asked & { readonly teams: ForecastView['splitTeams'] }) {
  if (teams.after === 0) return null
  const was = teams.before === 0 ? '' : `, ${count(teams.before)} now`
  return (
    <details className={classes.group}>
      <summary>
        {counted(teams.after, 'split team')}: accounts whose users get different variants{was}
      </summary>
      <AllNames {...asked} of="splitTeams" unit="account" group={{ count: teams.after, names: teams.names }} />
    </details>
  )
}

function BigOnes({ title, units, of }: { title: string; units: readonly BigUnit[]; of: Biggest }) {
  if (units.length === 0) return null
  return (
    <Text size="sm">
      {title}: {bigWords(units, of.attribute)}
    </Text>
  )
}

function Breakdowns({ list }: { readonly list: readonly Breakdown[] }) {
  return list.map(breakdown => (
    <Text key={breakdown.attribute} size="sm" c="dimmed">
      By {breakdown.attribute}
      {breakdown.unit === 'user' && ', users'}: {breakdownWords(breakdown)}
    </Text>
  ))
}

/** What a forecast says: the sentence first, then who, then what to know about it. */
export function ForecastReport({ forecast, ...asked }: Asked & { readonly forecast: ForecastView }) {
  const { accounts, users, biggest, sentence, note } = forecast
  const units: readonly UnitForecast[] = [accounts, users].filter(({ all }) => all > 0)
  if (units.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Dimmer doesn't know your accounts yet: send identify() or upload them.
      </Text>
    )
  }
  const remarks = [
    ...dormantWords(forecast, asked.at === undefined),
    ...effectiveWords(forecast),
    ...uncountedWords(forecast),
    ...missingWords(forecast),
    ...(note === undefined ? [] : [`${note}.`]),
  ]
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {sentence}
      </Text>
      <Group {...asked} kind="gains" units={units} />
      <Group {...asked} kind="losses" units={units} />
      {units.some(({ switched }) => switched.count > 0) && <Group {...asked} kind="switched" units={units} />}
      <SplitTeams {...asked} teams={forecast.splitTeams} />
      {biggest !== undefined && (
        <>
          <BigOnes title="Biggest that gain it" units={biggest.gained} of={biggest} />
          <BigOnes title="Biggest that lose it" units={biggest.lost} of={biggest} />
        </>
      )}
      <Breakdowns list={forecast.breakdowns} />
      {remarks.map(remark => (
        <Text key={remark} size="sm" c="dimmed">
          {remark}
        </Text>
      ))}
    </Stack>
  )
}
