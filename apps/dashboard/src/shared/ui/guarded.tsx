import { Button, type ButtonProps, Tooltip } from '@mantine/core'
import type { ComponentProps, ReactElement } from 'react'

interface ReasonProps {
  /** Why it can't be used; undefined: it can. */
  readonly whyNot: string | undefined
  readonly children: ReactElement
}

/** Says why its child can't be used, to whoever points at it, touches it or comes to it by key. */
export function Reason({ whyNot, children }: ReasonProps) {
  return (
    <Tooltip
      label={whyNot}
      disabled={whyNot === undefined}
      events={{ hover: true, focus: true, touch: true }}
      multiline
      maw={300}
    >
      {children}
    </Tooltip>
  )
}

type GuardedProps = ButtonProps &
  Omit<ComponentProps<'button'>, keyof ButtonProps> & {
    /** Why the person may not; undefined: they may. */
    readonly whyNot: string | undefined
  }

/** A button that not everybody may use. It stays in its place, and says why it does nothing. */
export function GuardedButton({ whyNot, ...props }: GuardedProps) {
  if (whyNot === undefined) return <Button {...props} />
  return (
    <Reason whyNot={whyNot}>
      <Button
        {...props}
        disabled={false}
        data-disabled
        aria-disabled="true"
        aria-description={whyNot}
        onClick={event => event.preventDefault()}
      />
    </Reason>
  )
}
