import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { IconArrowDown, IconArrowUp, IconTrash } from '../../../shared/ui/icons.ts'
import pageClasses from '../page/flag-page.module.css'
import { describeRuleFully } from '../words/describe-rule.ts'
import classes from './edit.module.css'
import { useEditing } from './editing.tsx'
import { problemsUnder } from './model/config-problems.ts'
import { fromRuleForm, type RuleForm } from './model/rule-form.ts'
import { RuleFields } from './rule-fields.tsx'

interface Props {
  readonly rule: RuleForm
  readonly number: number
  readonly last: boolean
  readonly open: boolean
  /** Says who else sets this rule, so that it can't be edited here. */
  readonly owner: ReactNode
  readonly onToggle: () => void
  readonly onChange: (rule: RuleForm) => void
  readonly onMove: (to: number) => void
  readonly onRemove: () => void
}

function Tools({ rule, number, last, open, locked, onToggle, onMove, onRemove }: Props & { readonly locked: boolean }) {
  const name = rule.name === '' ? rule.id : rule.name
  return (
    <Group gap={4} wrap="nowrap" className={classes.tools}>
      {!locked && rule.known && (
        <Button size="compact-sm" variant="default" aria-expanded={open} onClick={onToggle}>
          {open ? 'Close' : 'Edit'}
        </Button>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Move ${name} up`}
        disabled={number === 1}
        onClick={() => onMove(number - 2)}
      >
        <IconArrowUp size={16} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Move ${name} down`}
        disabled={last}
        onClick={() => onMove(number)}
      >
        <IconArrowDown size={16} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" aria-label={`Delete ${name}`} disabled={locked} onClick={onRemove}>
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  )
}

/** One rule of a draft: in words, and its fields when it is opened. */
export function RuleEditor(props: Props) {
  const { rule, number, open, owner, onChange } = props
  const { problems } = useEditing()
  const wrong = problemsUnder(problems, `rules[${number - 1}]`)
  const locked = owner !== null && owner !== undefined
  return (
    <li className={classes.rule} data-open={open || undefined}>
      <div className={classes.head}>
        <span className={pageClasses.number} aria-hidden="true">
          {number}
        </span>
        <Stack gap={4} miw={0}>
          <Text size="sm" fw={600}>
            {rule.known ? describeRuleFully(fromRuleForm(rule)) : `${rule.name === '' ? rule.id : rule.name}`}
          </Text>
          {owner}
          {!open && wrong.length > 0 && (
            <Text size="xs" c="red">
              {wrong.map(({ message }) => message).join('; ')}
            </Text>
          )}
          {!rule.known && (
            <>
              <Text size="sm" c="dimmed">
                This rule says something that this dashboard doesn't know yet. It stays as it is.
              </Text>
              <pre className={classes.json}>{JSON.stringify(rule.source, null, 2)}</pre>
            </>
          )}
        </Stack>
        <Tools {...props} locked={locked} />
      </div>
      {open && !locked && rule.known && (
        <RuleFields rule={rule} number={number} onChange={next => onChange({ ...next, edited: true })} />
      )}
    </li>
  )
}
