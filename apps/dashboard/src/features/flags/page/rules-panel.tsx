import type { Prerequisite, Rule } from '@dimmer/engine'
import type { FlagEnvironmentView, FlagPlace, FlagView } from '@dimmer/protocol'
import { Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { listed } from '../../../shared/format/number.ts'
import { GuardedButton } from '../../../shared/ui/guarded.tsx'
import { IconArrowRight } from '../../../shared/ui/icons.ts'
import { KeyText } from '../../../shared/ui/key-text.tsx'
import { TextLink } from '../../../shared/ui/links.tsx'
import { Panel } from '../../../shared/ui/panel.tsx'
import { useWhyNot } from '../../access/index.ts'
import { ConfigEditor } from '../edit/config-editor.tsx'
import { valueWords } from '../words/describe-kill.ts'
import { describeServe } from '../words/describe-share.ts'
import classes from './flag-page.module.css'
import { RuleItem } from './rule-item.tsx'

interface Props {
  readonly place: FlagPlace
  readonly flag: FlagView
  readonly config: FlagEnvironmentView
  readonly ownerOf: (rule: Rule) => ReactNode
  /** Told whether something that was typed would be lost by leaving. */
  readonly onDirty: (dirty: boolean) => void
}

function Prerequisites({ project, list }: { readonly project: string; readonly list: readonly Prerequisite[] }) {
  if (list.length === 0) return null
  return (
    <Stack gap={2} px="md" pb="sm">
      {list.map(({ flag, variants }) => (
        <Text key={flag} size="sm">
          Only for those who get <KeyText>{listed(variants, 'or')}</KeyText> of{' '}
          <TextLink to="/p/$project/flags/$flag" params={{ project, flag }} size="sm">
            {flag}
          </TextLink>
          , and only while that flag is on.
        </Text>
      ))}
    </Stack>
  )
}

/** Who gets what, from top to bottom: prerequisites, rules, everybody else. */
export function RulesPanel(props: Props) {
  const { place, flag, config, ownerOf } = props
  const [editing, { open, close }] = useDisclosure(false)
  const whyNot = useWhyNot('flag:write', place)
  if (editing) return <ConfigEditor {...props} onClose={close} />
  const off = `${config.offVariant} (${valueWords(flag, config.offVariant)})`
  return (
    <Panel
      flush
      title="Who gets what"
      actions={
        <GuardedButton whyNot={whyNot} size="xs" variant="default" onClick={open}>
          Edit rules
        </GuardedButton>
      }
      description={
        config.on
          ? 'The first rule that fits decides.'
          : `The flag is off: everybody gets ${off}. This is what holds when it is on.`
      }
    >
      <Prerequisites project={place.project} list={config.prerequisites} />
      <ol className={classes.rules}>
        {config.rules.map((rule, index) => (
          <RuleItem key={rule.id} place={place} config={config} rule={rule} index={index} owner={ownerOf(rule)} />
        ))}
        <li className={classes.rule}>
          <span className={classes.number} aria-hidden="true">
            {config.rules.length + 1}
          </span>
          <Group gap={8}>
            <Text fw={600} size="sm">
              {config.rules.length === 0 ? 'everybody' : 'everybody else'}
            </Text>
            <IconArrowRight size={14} aria-label="get" />
            <KeyText fw={600}>{describeServe(config.fallthrough)}</KeyText>
          </Group>
        </li>
      </ol>
    </Panel>
  )
}
