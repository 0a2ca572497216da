// @vitest-environment happy-dom
import type { Share } from '@dimmer/engine'
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { renderWith, type SeenRequest } from '../../../../test/render.ts'
import { SAMPLE_FLAGS } from '../../../../test/sample-flags.ts'
import { sampleForecast } from '../../../../test/sample-forecast.ts'
import { RuleItem } from './rule-item.tsx'
import { ShareEditor } from './share-editor.tsx'

const share: Share = { unit: 'account', percent: 5 }
const noAnswer = () => ({ body: {} })

function editor(error: Error | null = null) {
  const onApply = vi.fn(async () => ({ version: 12 }))
  renderWith(
    <ShareEditor share={share} label="rule rollout" busy={false} error={error} whyNot={undefined} onApply={onApply} />,
    noAnswer,
  )
  const type = (text: string) => fireEvent.change(screen.getByRole('textbox'), { target: { value: text } })
  return { onApply, type }
}

describe('ShareEditor', () => {
  it('changes nothing until it is applied, and shows what will change', async () => {
    const { onApply, type } = editor()
    expect(screen.queryByRole('button', { name: 'Apply' })).toBeNull()
    type('25')
    expect(screen.getByText('25 % of accounts')).toBeTruthy()
    expect(screen.getByText('20 % of accounts join. Everybody who has it keeps it.')).toBeTruthy()
    expect(onApply).not.toHaveBeenCalled()
    fireEvent.click(screen.getByRole('button', { name: 'Apply' }))
    await waitFor(() => expect(onApply).toHaveBeenCalledWith({ unit: 'account', percent: 25 }))
  })

  it('takes a thousandth of a percent', async () => {
    const { onApply, type } = editor()
    type('0.125')
    fireEvent.click(screen.getByRole('button', { name: 'Apply' }))
    await waitFor(() => expect(onApply).toHaveBeenCalledWith({ unit: 'account', percent: 0.125 }))
  })

  it('moves by keyboard on the slider', () => {
    editor()
    fireEvent.keyDown(screen.getByRole('slider'), { key: 'ArrowRight' })
    expect(screen.getByText('6 % of accounts')).toBeTruthy()
  })

  it('goes back on Discard', () => {
    const { onApply, type } = editor()
    type('80')
    fireEvent.click(screen.getByRole('button', { name: 'Discard' }))
    expect(screen.queryByText('80 % of accounts')).toBeNull()
    expect(onApply).not.toHaveBeenCalled()
  })
})

describe('RuleItem', () => {
  it('says in the words of the server that a rollout owns the rule, and keeps what was typed', async () => {
    const config = SAMPLE_FLAGS[0]?.environments[1]
    const rule = config?.rules[0]
    if (config === undefined || rule === undefined) throw new Error('the first sample flag has a rule in production')
    const place = { project: 'invoicing', flag: 'new-pdf-engine', environment: 'production' }
    const error = { code: 'rule-owned-by-rollout', message: 'A running rollout sets this rule.' }
    const answer = ({ method }: SeenRequest) =>
      method === 'POST' ? { body: sampleForecast() } : { status: 409, body: { error } }
    const seen = renderWith(<RuleItem place={place} config={config} rule={rule} index={0} owner={null} />, answer)
    fireEvent.change(screen.getByRole('textbox'), { target: { value: '25' } })
    fireEvent.click(screen.getByRole('button', { name: 'Apply' }))
    expect(await screen.findByText('A running rollout sets this rule.')).toBeTruthy()
    expect(screen.getByText('25 % of accounts')).toBeTruthy()
    expect(seen.find(({ method }) => method === 'PUT')).toMatchObject({ body: { unit: 'account', percent: 25 } })
  })
})
