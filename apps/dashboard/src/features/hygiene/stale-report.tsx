import type { StaleFlag, StaleReport } from '@dimmer/protocol'
import { EmptyState, List, Text } from '@mantine/core'
import { counted } from '../../shared/format/number.ts'
import { date } from '../../shared/format/relative-time.ts'
import { IconRecycle } from '../../shared/ui/icons.ts'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { TextLink } from '../../shared/ui/links.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import classes from './stale-report.module.css'

interface Props {
  readonly project: string
  readonly report: StaleReport
}

function Row({ project, stale }: { readonly project: string; readonly stale: StaleFlag }) {
  return (
    <li className={classes.row}>
      <div>
        <TextLink
          to="/p/$project/flags/$flag"
          params={{ project, flag: stale.flag }}
          search={{ env: stale.environment }}
          fw={600}
        >
          {stale.name}
        </TextLink>
        <div>
          <KeyText c="dimmed">{stale.flag}</KeyText>
        </div>
      </div>
      <Text size="sm" className={classes.what}>
        Everybody in {stale.environment} gets <KeyText fw={600}>{stale.variant}</KeyText> since{' '}
        {date(Date.parse(stale.since))}.
      </Text>
      <Text fw={600}>{counted(stale.days, 'day')}</Text>
    </li>
  )
}

function WhatToDo() {
  return (
    <Panel title="What to do">
      <List type="ordered" size="sm" spacing={6}>
        <List.Item>Take the check out of the code and keep the branch that everybody gets.</List.Item>
        <List.Item>Deploy that everywhere. Until then the flag must stay as it is.</List.Item>
        <List.Item>Then archive the flag. Its key is never used again.</List.Item>
      </List>
      <Text size="sm" c="dimmed">
        A flag that is meant to stay, like a kill switch, is best left off while nothing is wrong.
      </Text>
    </Panel>
  )
}

/** Flags that everybody has had for so long that they are only in the way. */
export function StaleFlags({ project, report }: Props) {
  if (report.flags.length === 0) {
    return (
      <Panel>
        <EmptyState
          my="lg"
          icon={<IconRecycle size={28} />}
          withIndicatorBackground
          title="Nothing to clean up"
          description={`No flag has served everybody the same for over ${counted(report.days, 'day')}.`}
        />
      </Panel>
    )
  }
  return (
    <>
      <Panel
        flush
        title={counted(report.flags.length, 'stale flag')}
        description={`Everybody has got the same variant for over ${counted(report.days, 'day')}.`}
      >
        <ul className={classes.list} aria-label="Stale flags">
          {report.flags.map(stale => (
            <Row key={`${stale.flag} ${stale.environment}`} project={project} stale={stale} />
          ))}
        </ul>
      </Panel>
      <WhatToDo />
      <Text size="xs" c="dimmed">
        As of {date(Date.parse(report.asOf))}.
      </Text>
    </>
  )
}
