import type { Hash } from '@dimmer/engine'
import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import { HASH_SCHEMES } from '../words/describe-hash.ts'
import { useProblem } from './editing.tsx'

interface Props {
  /** What is dealt, e.g. "share". */
  readonly of: string
  readonly hash: Hash | undefined
  readonly path: string
  readonly onChange: (hash: Hash | undefined) => void
}

const OWN = 'murmur3'

const isScheme = (value: string): value is Hash['scheme'] => Object.hasOwn(HASH_SCHEMES, value)

/** How ids are dealt. Only for flags that came from elsewhere and must keep their people. */
export function HashFields({ of, hash, path, onChange }: Props) {
  const scheme = hash?.scheme ?? OWN
  const salt = hash?.salt ?? ''
  const set = (next: { readonly scheme: Hash['scheme']; readonly salt: string }) =>
    onChange(
      next.scheme === OWN && next.salt === ''
        ? undefined
        : { scheme: next.scheme, ...(next.salt === '' ? {} : { salt: next.salt }) },
    )
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <NativeSelect
        label={`How the ${of} is dealt`}
        description="Another way gives it to other people."
        data={Object.entries(HASH_SCHEMES).map(([value, label]) => ({ value, label }))}
        value={scheme}
        error={useProblem(`${path}.hash.scheme`)}
        onChange={event => {
          const value = event.currentTarget.value
          if (isScheme(value)) set({ scheme: value, salt })
        }}
      />
      <TextInput
        label={`Salt of the ${of}`}
        description="Empty: the flag's own."
        value={salt}
        error={useProblem(`${path}.hash.salt`)}
        onChange={event => set({ scheme, salt: event.currentTarget.value })}
      />
    </SimpleGrid>
  )
}
