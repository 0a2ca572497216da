import { EmptyState, Text } from '@mantine/core'
import { plural } from '../../shared/format/number.ts'
import { IconFlask } from '../../shared/ui/icons.ts'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { TextLink } from '../../shared/ui/links.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { ToneBadge } from '../../shared/ui/tone-badge.tsx'
import classes from './experiments.module.css'
import { armWords, type SplitPlace } from './model/splits.ts'

interface Props {
  readonly project: string
  readonly splits: readonly SplitPlace[]
}

/** Every split of an environment: each can be read as an experiment. */
export function ExperimentList({ project, splits }: Props) {
  if (splits.length === 0) {
    return (
      <Panel>
        <EmptyState
          my="lg"
          icon={<IconFlask size={28} />}
          withIndicatorBackground
          title="No experiments yet"
          description="A flag that deals out several variants by weight can be read as an A/B test. Give a rule of a flag, or everybody else, a split."
        />
      </Panel>
    )
  }
  return (
    <Panel flush>
      <ul className={classes.list} aria-label="Experiments">
        {splits.map(({ flag, rule, who, split, on }) => (
          <li key={`${flag.key} ${rule ?? ''}`} className={classes.row}>
            <div>
              <TextLink
                to="/p/$project/experiments/$flag"
                params={{ project, flag: flag.key }}
                search={prev => ({ ...prev, ...(rule === undefined ? {} : { rule }) })}
                fw={600}
                c="inherit"
              >
                {flag.name}
              </TextLink>{' '}
              <KeyText c="dimmed">{flag.key}</KeyText>
              <Text size="sm">
                {armWords(split)} of {plural(split.unit)}, {who}
              </Text>
            </div>
            <ToneBadge tone={on ? 'good' : 'neutral'}>{on ? 'On' : 'Off'}</ToneBadge>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
