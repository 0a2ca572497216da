import { plainRegex } from './plain-regex.ts'

/**
 * What `matches` asks of a regular expression engine. The engine package brings none: an expression must run in time
 * linear to the text (RE2), which the host's `RegExp` doesn't. Whoever compiles a ruleset hands one in.
 *
 * Takes a pattern in RE2 syntax and gives a test that says whether a text has a match anywhere.
 *
 * @throws when the pattern isn't valid RE2; the rule is then reported and skipped.
 */
export type RegexCompiler = (pattern: string, options: { readonly ignoreCase: boolean }) => (text: string) => boolean

const MOST_PATTERN_CHARACTERS = 1_000
/** A longer text doesn't match: linear is still slow for a megabyte. */
const MOST_TEXT_CHARACTERS = 10_000

function compilePattern(pattern: string, ignoreCase: boolean, compile: RegexCompiler) {
  if (pattern.length > MOST_PATTERN_CHARACTERS) return undefined
  try {
    // The host's engine says what is valid, also where the platform's own may run it.
    const test = compile(pattern, { ignoreCase })
    return plainRegex(pattern, ignoreCase) ?? test
  } catch {
    return undefined
  }
}

/** Whether a text matches one of the patterns. Undefined when one of them is not valid. */
export function regexTest(
  patterns: readonly string[],
  ignoreCase: boolean,
  compile: RegexCompiler,
): ((text: string) => boolean) | undefined {
  const tests = patterns.map(pattern => compilePattern(pattern, ignoreCase, compile)).filter(test => test !== undefined)
  if (tests.length < patterns.length) return undefined
  return text => {
    if (text.length > MOST_TEXT_CHARACTERS) return false
    for (const test of tests) if (test(text)) return true
    return false
  }
}
