// @vitest-environment happy-dom
import { progress, type RolloutState } from '@dimmer/rollout'
import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { renderWith } from '../../../../test/render.ts'
import { NOW, RUNNING, STARTED } from '../../../../test/sample-rollout.ts'
import { StageTimeline } from './stage-timeline.tsx'

function stages(state: RolloutState) {
  renderWith(<StageTimeline stages={progress(RUNNING.plan, state, NOW)} />, () => ({ body: {} }))
  return screen.getAllByRole('listitem')
}

const texts = (items: readonly HTMLElement[]) => items.map(item => item.textContent?.replaceAll('\u00a0', ' '))

describe('StageTimeline', () => {
  it('shows each stage with its share, name and hold, and where the rollout is', () => {
    const items = stages(RUNNING.state)
    expect(texts(items)).toEqual([
      '5 %Canarydone, hold 1 d',
      '25 %Quarter25 % of 1 d, 18 h left',
      '50 %Halfahead, hold 1 d',
      '100 %Everybodyahead, hold 1 d',
    ])
    expect(items.map(item => item.getAttribute('aria-current'))).toEqual([null, 'step', null, null])
  })

  it('says in words from where it was rolled back', () => {
    const items = stages({
      status: 'rolled-back',
      stage: 1,
      stageStartedAt: STARTED,
      heldMs: 0,
      rolledBackAt: NOW,
      why: 'Error rate.',
    })
    expect(texts(items)[1]).toBe('25 %Quarterrolled back from here, hold 1 d')
  })
})
