import { Stack, Text } from '@mantine/core'
import { LightBar } from '../../shared/ui/light-bar.tsx'
import type { ShareWords } from './words/describe-share.ts'

/** Who has a flag, in words, with how bright that is. */
export function ShareText({ words }: { readonly words: ShareWords }) {
  return (
    <Stack gap={4}>
      <Text size="sm" lh={1.35} {...(words.whenOn === undefined ? {} : { c: 'dimmed' })}>
        {words.text}
        {words.whenOn !== undefined && words.whenOn !== 'nobody' && `; when on: ${words.whenOn}`}
      </Text>
      {words.level !== undefined && <LightBar level={words.level} />}
    </Stack>
  )
}
