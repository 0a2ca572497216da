import type { Rule } from '@dimmer/engine'
import type { FlagEnvironmentView, FlagPlace, FlagView } from '@dimmer/protocol'
import { Button, NativeSelect, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { attributesQuery, segmentsQuery } from '../../../shared/targeting-queries.ts'
import { IconPlus } from '../../../shared/ui/icons.ts'
import { Panel } from '../../../shared/ui/panel.tsx'
import { useScope, useUnits } from '../../projects/index.ts'
import { flagsQuery } from '../flag-queries.ts'
import { useSaveConfig } from '../use-flag-change.ts'
import classes from './edit.module.css'
import { type Editing, EditingProvider } from './editing.tsx'
import { type ConfigForm, moved, replaced, without } from './model/config-form.ts'
import { configProblems, type FieldProblem, problemAt, serverProblems } from './model/config-problems.ts'
import { newRule } from './model/rule-form.ts'
import { PrerequisiteFields } from './prerequisite-fields.tsx'
import { RuleEditor } from './rule-editor.tsx'
import { SavePanel } from './save-panel.tsx'
import { ServeFields } from './serve-fields.tsx'
import { type ConfigDraft, useConfigDraft } from './use-config-draft.ts'

interface Props {
  readonly place: FlagPlace
  readonly flag: FlagView
  readonly config: FlagEnvironmentView
  /** Says who else sets a rule; null: nobody. */
  readonly ownerOf: (rule: Rule) => ReactNode
  /** Told whether something would be lost by leaving. */
  readonly onDirty: (dirty: boolean) => void
  readonly onClose: () => void
}

const NONE: readonly never[] = []

/** What the fields offer, and what is wrong in them: by the engine's own check at once, by the server's after saving. */
function useEditingScope(props: Props, draft: ConfigDraft, refused: readonly FieldProblem[]) {
  const { place, flag } = props
  const api = useApi()
  const { project } = useScope()
  const units = useUnits()
  const { data: flags } = useQuery(flagsQuery(api, place.project))
  const { data: segments } = useQuery(segmentsQuery(api, place.project))
  const { data: attributes = NONE } = useQuery(attributesQuery(api, place.project))
  const ready = flags !== undefined && segments !== undefined
  const around = { flags: flags ?? NONE, segments: segments ?? NONE, units: project.units }
  const found = ready ? configProblems(flag, place.environment, { config: draft.config, around }) : NONE
  const editing: Editing = {
    units,
    variants: Object.keys(flag.variants),
    attributes,
    segments: segments ?? NONE,
    problems: found.length > 0 ? found : refused,
  }
  return { editing, others: (flags ?? NONE).filter(one => one.key !== flag.key && one.archivedAt === null) }
}

interface RulesProps {
  readonly form: ConfigForm
  readonly firstVariant: string
  readonly ownerOf: Props['ownerOf']
  readonly edit: (form: ConfigForm) => void
}

function Rules({ form, firstVariant, ownerOf, edit }: RulesProps) {
  const [open, setOpen] = useState<string | undefined>(undefined)
  const { rules } = form
  const add = () => {
    const rule = newRule(
      rules.map(({ id }) => id),
      firstVariant,
    )
    edit({ ...form, rules: [...rules, rule] })
    setOpen(rule.key)
  }
  return (
    <>
      <ol className={classes.rules} aria-label="Rules">
        {rules.map((rule, index) => (
          <RuleEditor
            key={rule.key}
            rule={rule}
            number={index + 1}
            last={index === rules.length - 1}
            open={open === rule.key}
            owner={rule.source === undefined ? null : ownerOf(rule.source)}
            onToggle={() => setOpen(open === rule.key ? undefined : rule.key)}
            onChange={next => edit({ ...form, rules: replaced(rules, next) })}
            onMove={to => edit({ ...form, rules: moved(rules, index, to) })}
            onRemove={() => edit({ ...form, rules: without(rules, rule.key) })}
          />
        ))}
      </ol>
      <div className={classes.section}>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
          Add a rule
        </Button>
      </div>
    </>
  )
}

function Rest({
  form,
  variants,
  edit,
  problems,
}: Pick<RulesProps, 'form' | 'edit'> & Pick<Editing, 'variants' | 'problems'>) {
  return (
    <div className={classes.section}>
      <Stack gap="md">
        <div>
          <div className={classes.legend}>{form.rules.length === 0 ? 'Everybody gets' : 'Everybody else gets'}</div>
          <ServeFields
            label="Everybody else gets"
            serve={form.fallthrough}
            path="fallthrough"
            onChange={fallthrough => edit({ ...form, fallthrough })}
          />
        </div>
        <NativeSelect
          label="While the flag is off, or a prerequisite is not met, everybody gets"
          maw={360}
          data={[...new Set([...variants, form.offVariant])]}
          value={form.offVariant}
          error={problemAt(problems, 'offVariant')}
          onChange={event => edit({ ...form, offVariant: event.currentTarget.value })}
        />
      </Stack>
    </div>
  )
}

/** Edits all of a flag's config in one environment. Nothing happens before Save, which shows first whom it touches. */
export function ConfigEditor(props: Props) {
  const { place, config, ownerOf, onDirty, onClose } = props
  const draft = useConfigDraft(config)
  const save = useSaveConfig(place)
  const { form } = draft
  const { editing, others } = useEditingScope(props, draft, serverProblems(save.error))
  const { changed } = draft
  useEffect(() => {
    onDirty(changed)
    return () => onDirty(false)
  }, [changed, onDirty])
  const edit = (next: ConfigForm) => {
    if (save.error !== null) save.reset()
    draft.edit(next)
  }
  const submit = () =>
    save.mutate(
      { ...draft.config, ifVersion: draft.version },
      {
        onSuccess: ({ version }) => {
          notifications.show({ message: `Saved, with version ${version}.` })
          onClose()
        },
      },
    )
  const firstVariant = editing.variants.find(variant => variant !== form.offVariant) ?? form.offVariant
  return (
    <EditingProvider editing={editing}>
      <Panel flush title="Edit who gets what" description="The first rule that fits decides.">
        <div className={classes.section}>
          <PrerequisiteFields
            list={form.prerequisites}
            flags={others}
            onChange={prerequisites => edit({ ...form, prerequisites })}
          />
        </div>
        <Rules form={form} firstVariant={firstVariant} ownerOf={ownerOf} edit={edit} />
        <Rest form={form} variants={editing.variants} problems={editing.problems} edit={edit} />
        <SavePanel
          place={place}
          draft={draft}
          busy={save.isPending}
          error={save.error}
          onSave={submit}
          onClose={onClose}
        />
        {form.on ? null : (
          <Text size="sm" c="dimmed" px="md" pb="md">
            The flag is off: this is what holds once it is switched on.
          </Text>
        )}
      </Panel>
    </EditingProvider>
  )
}
