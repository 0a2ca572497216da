import type { RegexCompiler } from '../src/index.ts'

/** The host's own expressions: for the tests, whose patterns are harmless. A product needs an engine that runs in linear time. */
export const nativeRegex: RegexCompiler = (pattern, { ignoreCase }) => {
  const expression = new RegExp(pattern, ignoreCase ? 'iu' : 'u')
  return text => expression.test(text)
}
