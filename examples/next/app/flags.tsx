'use client'

import { DimmerProvider, type OwnClientOptions } from '@dimmer/react'
import type { ReactElement, ReactNode } from 'react'

/** What the server gives to the page. */
interface Props extends Pick<OwnClientOptions, 'url' | 'clientKey' | 'context'> {
  readonly bootstrap: Readonly<Record<string, unknown>>
  readonly children: ReactNode
}

/** A signature that has run out is renewed by the server that made it. */
const renewContext = async () => (await fetch('/flags-context')).json()

/** The page starts with the values that it was drawn with; from then on Dimmer tells it of changes itself. */
export function Flags({ url, clientKey, context, bootstrap, children }: Props): ReactElement {
  return (
    <DimmerProvider options={{ url, clientKey, context, renewContext }} bootstrap={bootstrap}>
      {children}
    </DimmerProvider>
  )
}
