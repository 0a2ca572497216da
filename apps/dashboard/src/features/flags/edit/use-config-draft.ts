import type { FlagConfig, FlagEnvironmentView } from '@dimmer/protocol'
import { useState } from 'react'
import { settable } from '../flag-config.ts'
import { configDiff, type Difference, sameJson } from './model/config-diff.ts'
import { type ConfigForm, fromConfigForm, toConfigForm } from './model/config-form.ts'
import { mergeConfigs } from './model/merge-configs.ts'

interface Base {
  readonly config: FlagConfig
  readonly version: number
}

/** A draft of a config, and how it stands to what was saved. */
export interface ConfigDraft {
  readonly form: ConfigForm
  /** As it would be saved. */
  readonly config: FlagConfig
  /** The version that the draft was made from. */
  readonly version: number
  readonly differences: readonly Difference[]
  readonly changed: boolean
  /** What somebody else has saved since; undefined: nothing. */
  readonly theirs: readonly Difference[] | undefined
  /** What both have changed, each in another way, when their changes were brought in. */
  readonly both: readonly string[]
  readonly edit: (form: ConfigForm) => void
  readonly merge: () => void
}

const baseOf = (view: FlagEnvironmentView): Base => ({ config: settable(view), version: view.version })

/** Begins with `current` and goes on from there; `current` may change meanwhile, and the draft doesn't. */
export function useConfigDraft(current: FlagEnvironmentView): ConfigDraft {
  const [base, setBase] = useState(() => baseOf(current))
  const [form, setForm] = useState(() => toConfigForm(base.config))
  const [both, setBoth] = useState<readonly string[]>([])
  const config = fromConfigForm(form)
  const latest = baseOf(current)
  return {
    form,
    config,
    version: base.version,
    differences: configDiff(base.config, config),
    changed: !sameJson(base.config, config),
    theirs: latest.version > base.version ? configDiff(base.config, latest.config) : undefined,
    both,
    edit: setForm,
    merge: () => {
      const merged = mergeConfigs({ base: base.config, mine: config, theirs: latest.config })
      setBase(latest)
      setForm(toConfigForm(merged.config))
      setBoth(merged.both)
    },
  }
}
