// @vitest-environment happy-dom
import type { FlagView } from '@dimmer/protocol'
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { renderWith, type SeenRequest } from '../../../../test/render.ts'
import { SAMPLE_FLAGS, sampleConfig } from '../../../../test/sample-flags.ts'
import { sampleForecast } from '../../../../test/sample-forecast.ts'
import { ScopeProvider } from '../../projects/index.ts'
import { ConfigEditor } from './config-editor.tsx'

const place = { project: 'invoicing', flag: 'new-pdf-engine', environment: 'production' }
const environment = { key: 'production', name: 'Production', version: 7 }
const project = { key: 'invoicing', name: 'Invoicing', environments: [environment], units: {} }
const first = SAMPLE_FLAGS[0]
if (first === undefined) throw new Error('there are sample flags')
const sample: FlagView = first

const refusal = {
  error: {
    code: 'invalid-flag',
    message: 'No.',
    details: [{ path: 'rules[0].name', message: 'is a name that only the server dislikes' }],
  },
}

function answerOf({ method, path }: SeenRequest) {
  if (method === 'PUT') return { status: 422, body: refusal }
  if (path.endsWith('/forecast')) return { body: sampleForecast() }
  if (path.endsWith('/flags')) return { body: SAMPLE_FLAGS }
  return { body: path.endsWith('/new-pdf-engine') ? sample : [] }
}

function editor(flag: FlagView = sample, owner: string | null = null) {
  const onClose = vi.fn()
  const seen = renderWith(
    <ScopeProvider scope={{ project, environment }}>
      <ConfigEditor
        place={place}
        flag={flag}
        config={sampleConfig(flag, 'production')}
        ownerOf={() => owner}
        onDirty={() => undefined}
        onClose={onClose}
      />
    </ScopeProvider>,
    answerOf,
  )
  return { seen, onClose }
}

describe('ConfigEditor', () => {
  it('shows a refusal of the server at the field that it names, and keeps what was typed', async () => {
    const { seen, onClose } = editor()
    fireEvent.click(await screen.findByRole('button', { name: 'Edit' }))
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Others' } })
    await screen.findByText('What changes')
    fireEvent.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => expect(screen.getAllByText(/only the server dislikes/).length).toBeGreaterThan(1))
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Others')
    expect(seen.find(({ method }) => method === 'PUT')).toMatchObject({
      body: { ifVersion: 7, rules: [{ name: 'Others' }] },
    })
    expect(onClose).not.toHaveBeenCalled()
  })

  it('locks a rule that a rollout owns, and says why', async () => {
    editor(sample, 'The rollout sets this share.')
    expect(await screen.findByText('The rollout sets this share.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull()
    expect(screen.getByRole('button', { name: /^Delete/ })).toHaveProperty('disabled', true)
  })

  it('shows a rule that it does not know as JSON, and leaves it alone', async () => {
    const unknown = { id: 'newer', when: { attribute: 'a', op: 'soundsLike', value: 'b' }, serve: { variant: 'on' } }
    const flag = JSON.parse(JSON.stringify(sample)) as FlagView
    const environments = flag.environments.map(one => JSON.parse(JSON.stringify({ ...one, rules: [unknown] })))
    editor({ ...flag, environments })
    expect(await screen.findByText(/"soundsLike"/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Edit' })).toBeNull()
  })
})
