import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** Warm light: how far a flag is turned up. */
const glow: MantineColorsTuple = [
  '#fff8e6',
  '#ffefcb',
  '#ffdd98',
  '#ffca60',
  '#ffb931',
  '#f7a600',
  '#db9000',
  '#b57400',
  '#8f5a00',
  '#6b4200',
]

/** Blue-grey instead of plain grey for dark surfaces: easier on the eyes beside the warm light. */
const dark: MantineColorsTuple = [
  '#d5d9e3',
  '#b4bac9',
  '#8e96a9',
  '#646d82',
  '#434a5c',
  '#333948',
  '#272c39',
  '#1d212c',
  '#151821',
  '#0f1218',
]

const SANS = `-apple-system, 'Segoe UI Variable Text', 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif`
const MONO = `ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace`

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 5 },
  colors: { glow, dark },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  headings: {
    fontFamily: SANS,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  cursorType: 'pointer',
  components: {
    Alert: { styles: { body: { minWidth: 0 }, message: { color: 'var(--mantine-color-text)' } } },
    Modal: { styles: { title: { fontWeight: 650 } } },
  },
})

const TONES = ['gray', 'indigo', 'red', 'teal', 'yellow'] as const

/** The quiet variant of each color: a tint of what lies behind, instead of a patch of its own. */
const tints = (text: number, strength: number): Record<string, string> =>
  Object.fromEntries(
    TONES.flatMap(tone => [
      [`--mantine-color-${tone}-light`, `color-mix(in srgb, var(--mantine-color-${tone}-6) ${strength}%, transparent)`],
      [`--mantine-color-${tone}-light-color`, `var(--mantine-color-${tone}-${text})`],
    ]),
  )

/** `canvas` lies behind the panels; the panels and everything that floats have the body's color. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...tints(9, 12),
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#5d6475',
    '--mantine-color-disabled-color': '#6f7689',
    '--mantine-color-default-border': '#e2e4ea',
    '--dimmer-canvas': '#f5f6f9',
    '--dimmer-subtle': '#eef0f4',
    '--dimmer-glow': glow[5],
    '--dimmer-glow-track': '#e6e8ee',
    '--dimmer-treated': '#4c3fc7',
    '--dimmer-control': '#8a93a6',
    '--dimmer-limit': '#d6293a',
  },
  dark: {
    ...tints(3, 18),
    '--mantine-color-body': dark[7],
    '--mantine-color-dimmed': '#9aa2b5',
    '--mantine-color-disabled-color': '#8e96a9',
    '--mantine-color-default-border': '#2f3543',
    '--dimmer-canvas': dark[8],
    '--dimmer-subtle': dark[6],
    '--dimmer-glow': glow[4],
    '--dimmer-glow-track': '#333a4a',
    '--dimmer-treated': '#9d93ff',
    '--dimmer-control': '#7d869b',
    '--dimmer-limit': '#ff6b76',
  },
})
