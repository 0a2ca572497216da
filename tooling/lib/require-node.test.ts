import { expect, it } from 'vitest'
import { nodeProblem } from './require-node.mjs'

it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('is content with Node %s', version => {
  expect(nodeProblem(version)).toBeUndefined()
})

it.each(['18.20.4', '20.18.3', '16.0.0', '9.11.2'])('says that Node %s is too old', version => {
  expect(nodeProblem(version)).toContain(`Dimmer needs Node 20.19 or newer; this is ${version}`)
})
