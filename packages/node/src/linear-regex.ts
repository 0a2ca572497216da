import type { RegexCompiler } from '@dimmer/engine'
import { RE2JS } from 're2js'

/** RE2 expressions for the operator `matches`: time linear to the text, whatever the pattern. */
export const linearRegex: RegexCompiler = (pattern, { ignoreCase }) => {
  const compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
  return text => compiled.test(text)
}
