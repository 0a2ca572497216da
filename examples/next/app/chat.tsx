'use client'

import { useDimmer, useFeatureFlag } from '@dimmer/react'
import type { ReactElement } from 'react'

/** Drawn on the server and in the browser with the same value; changes while the page is open. */
export function Chat(): ReactElement {
  const { value: on } = useFeatureFlag('ai-chatbot', false)
  const dimmer = useDimmer()
  return (
    <section>
      {on ? (
        <button type="button" onClick={() => dimmer.track('chat.opened')}>
          Ask the assistant
        </button>
      ) : (
        'Questions? Write to us.'
      )}
    </section>
  )
}
