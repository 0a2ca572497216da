/** The longest id, name or key that the server takes. */
const MAX_TEXT = 200
/** NUL and half a surrogate pair: the server refuses a whole batch for one of them. */
const BROKEN = /\0|\p{Surrogate}/gu

/** The text as the server takes it: cut, and with what it can't store replaced. */
export function cleanText(text: string): string {
  return text.slice(0, MAX_TEXT).replace(BROKEN, '\ufffd')
}

/** True for text that the server can store as it is. */
export function isSendableText(value: unknown): value is string {
  return typeof value === 'string' && cleanText(value) === value
}
