const DURATION =
  /^P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const PARTS = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second']

/** An ISO 8601 duration as it is said: "P1Y6M" -> "1 year 6 months", "PT36H" -> "36 hours". Else the text itself. */
export function durationWords(text: string): string {
  const match = DURATION.exec(text)
  if (!match) return text
  const said = PARTS.flatMap((part, index) => {
    const amount = match[index + 1]
    return amount === undefined ? [] : [`${amount} ${part}${amount === '1' ? '' : 's'}`]
  })
  return said.join(' ')
}
