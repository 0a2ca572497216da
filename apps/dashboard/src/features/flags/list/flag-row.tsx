import type { EnvironmentView, FlagView } from '@dimmer/protocol'
import { Badge } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { IconPointFilled } from '../../../shared/ui/icons.ts'
import { KeyText } from '../../../shared/ui/key-text.tsx'
import { configIn } from '../flag-config.ts'
import { FlagSwitch } from '../flag-switch.tsx'
import { ShareText } from '../share-text.tsx'
import { describeShare } from '../words/describe-share.ts'
import classes from './flag-list.module.css'

/** What the list needs to know besides the flags. */
export interface FlagListContext {
  readonly project: string
  readonly environment: string
  readonly environments: readonly EnvironmentView[]
  /** Further badges of a flag: its rollout, staleness. */
  readonly badges: (flag: FlagView) => ReactNode
  /** What can be done with a flag from here, e.g. killing it. */
  readonly actions: (flag: FlagView) => ReactNode
}

function OtherEnvironments({ flag, environment, environments }: { readonly flag: FlagView } & FlagListContext) {
  return environments
    .filter(one => one.key !== environment)
    .map(({ key, name }) => {
      const on = configIn(flag, key)?.on === true
      return (
        <Badge
          key={key}
          variant="transparent"
          color="gray"
          tt="none"
          fw={500}
          px={0}
          leftSection={<IconPointFilled size={12} color={on ? 'var(--dimmer-glow)' : 'var(--dimmer-glow-track)'} />}
        >
          {name}: {on ? 'on' : 'off'}
        </Badge>
      )
    })
}

/** One flag in one environment: what it is, who has it, what is going on, the switch. */
export function FlagRow({ flag, context }: { readonly flag: FlagView; readonly context: FlagListContext }) {
  const { project, environment, badges, actions } = context
  const config = configIn(flag, environment)
  if (config === undefined) return null
  return (
    <li className={classes.row}>
      <div className={classes.name}>
        <Link to="/p/$project/flags/$flag" params={{ project, flag: flag.key }} className={classes.link}>
          {flag.name}
        </Link>
        <div>
          <KeyText c="dimmed">{flag.key}</KeyText>
        </div>
      </div>
      <div className={classes.share}>
        <ShareText words={describeShare(flag, config)} />
      </div>
      <div className={classes.extras}>
        {badges(flag)}
        <OtherEnvironments flag={flag} {...context} />
      </div>
      <div className={classes.switch}>
        {actions(flag)}
        <FlagSwitch place={{ project, flag: flag.key, environment }} name={flag.name} config={config} />
      </div>
    </li>
  )
}
