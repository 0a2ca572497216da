import type { RegexCompiler } from '@dimmer/engine'
import { RE2JS } from 're2js'

/** As in `spec/README.md`: an expression takes time in proportion to them, and `(\pL{500}){2}` is short but has 1,000. */
const MOST_INSTRUCTIONS = 1_000

/** RE2 expressions for the operator `matches`: time linear to the text, whatever the pattern. */
export const linearRegex: RegexCompiler = (pattern, { ignoreCase }) => {
  const compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
  if (compiled.programSize() > MOST_INSTRUCTIONS) throw new RangeError(`needs more than ${MOST_INSTRUCTIONS} steps`)
  return text => compiled.test(text)
}
