import { SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { ConditionEditor } from './condition-editor.tsx'
import classes from './edit.module.css'
import { useProblem } from './editing.tsx'
import { HashFields } from './hash-fields.tsx'
import { InstantField } from './instant-field.tsx'
import { asGroup, newGroup } from './model/condition-form.ts'
import type { RuleForm } from './model/rule-form.ts'
import { ServeFields } from './serve-fields.tsx'
import { ShareFields } from './share-fields.tsx'

interface Props {
  readonly rule: RuleForm
  readonly number: number
  readonly onChange: (rule: RuleForm) => void
}

function Schedule({ rule, path, onChange }: Pick<Props, 'rule' | 'onChange'> & { readonly path: string }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <InstantField
        label="In force from"
        value={rule.from}
        error={useProblem(`${path}.from`)}
        onChange={from => onChange({ ...rule, from })}
      />
      <InstantField
        label="until"
        value={rule.until}
        error={useProblem(`${path}.until`)}
        onChange={until => onChange({ ...rule, until })}
      />
    </SimpleGrid>
  )
}

function Advanced({ rule, path, onChange }: Pick<Props, 'rule' | 'onChange'> & { readonly path: string }) {
  const { share, serve } = rule
  const wrongId = useProblem(`${path}.id`)
  const opened =
    wrongId !== undefined || share?.hash !== undefined || (serve.kind === 'split' && serve.hash !== undefined)
  return (
    <details open={opened}>
      <summary>Advanced: id, salt, how it is dealt</summary>
      <Stack gap="sm" mt="xs">
        <TextInput
          label="Rule id"
          description={
            rule.source === undefined
              ? 'Names the rule in rollouts and evaluations.'
              : 'Stays as it is: rollouts and evaluations name it.'
          }
          disabled={rule.source !== undefined}
          value={rule.id}
          error={wrongId}
          onChange={event => onChange({ ...rule, id: event.currentTarget.value })}
        />
        {share !== undefined && (
          <HashFields
            of="share"
            hash={share.hash}
            path={`${path}.share`}
            onChange={hash => onChange({ ...rule, share: { ...share, hash } })}
          />
        )}
        {serve.kind === 'split' && (
          <HashFields
            of="split"
            hash={serve.hash}
            path={`${path}.serve.split`}
            onChange={hash => onChange({ ...rule, serve: { ...serve, hash } })}
          />
        )}
      </Stack>
    </details>
  )
}

/** Everything that a rule says. */
export function RuleFields({ rule, number, onChange }: Props) {
  const path = `rules[${number - 1}]`
  const name = useRef<HTMLInputElement>(null)
  useEffect(() => name.current?.focus(), [])
  const when = rule.when ?? { ...newGroup(), join: 'all' as const, parts: [] }
  return (
    <div className={classes.body}>
      <TextInput
        ref={name}
        label="Name"
        placeholder="EU pilots"
        value={rule.name}
        error={useProblem(`${path}.name`)}
        onChange={event => onChange({ ...rule, name: event.currentTarget.value })}
      />
      <div>
        <div className={classes.legend}>For whom</div>
        <ConditionEditor
          group={asGroup(when)}
          at={{ path: `${path}.when`, top: true }}
          onChange={next => onChange({ ...rule, when: next })}
        />
      </div>
      <ShareFields share={rule.share} path={`${path}.share`} onChange={share => onChange({ ...rule, share })} />
      <div>
        <div className={classes.legend}>They get</div>
        <ServeFields
          label={`Rule ${number} serves`}
          serve={rule.serve}
          path={`${path}.serve`}
          onChange={serve => onChange({ ...rule, serve })}
        />
      </div>
      <Schedule rule={rule} path={path} onChange={onChange} />
      <Advanced rule={rule} path={path} onChange={onChange} />
    </div>
  )
}
