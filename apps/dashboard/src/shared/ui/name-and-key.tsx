import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { keyFromName } from '../key-from-name.ts'

export interface NameAndKey {
  readonly name: string
  readonly key: string
}

interface Props {
  readonly value: NameAndKey
  readonly onChange: (value: NameAndKey) => void
  readonly namePlaceholder: string
  readonly keyHint: string
}

/** A name, and the key that follows from it until somebody writes their own. */
export function NameAndKeyFields({ value, onChange, namePlaceholder, keyHint }: Props) {
  const [ownKey, setOwnKey] = useState(false)
  return (
    <>
      <TextInput
        label="Name"
        placeholder={namePlaceholder}
        required
        data-autofocus
        value={value.name}
        onChange={event => {
          const name = event.currentTarget.value
          onChange({ name, key: ownKey ? value.key : keyFromName(name) })
        }}
      />
      <TextInput
        label="Key"
        description={keyHint}
        required
        value={value.key}
        onChange={event => {
          setOwnKey(true)
          onChange({ ...value, key: event.currentTarget.value })
        }}
      />
    </>
  )
}
