/** What a color stands for. Always shown with an icon or a word: color alone says nothing to some readers. */
export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'neutral'

/** For what cannot be taken back at leisure: dark enough for white text in both color schemes. */
export const DANGER = 'red.8'

/** Names of the theme's colors. */
export const TONE_COLORS: Readonly<Record<Tone, string>> = {
  good: 'teal',
  bad: 'red',
  warn: 'yellow',
  info: 'indigo',
  neutral: 'gray',
}
