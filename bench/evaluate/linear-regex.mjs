// @ts-check
/** The expression engine that our SDK for Node brings, handed to the engine and to the hand-written limit alike. */
import { RE2JS } from 're2js'

/** @type {import('@dimmer/engine').RegexCompiler} */
export const linearRegex = (pattern, { ignoreCase }) => {
  const compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0)
  return text => compiled.test(text)
}
