import { Text, type TextProps } from '@mantine/core'

/** A key or id as it is written in code. */
export function KeyText({ children, ...rest }: TextProps & { readonly children: string }) {
  return (
    <Text component="span" ff="monospace" fz="0.8125em" {...rest}>
      {children}
    </Text>
  )
}
