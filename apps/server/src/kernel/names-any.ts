/** Whether any text in a JSON value is one of these ids. */
export function namesAny(value: unknown, ids: readonly string[]): boolean {
  const text = JSON.stringify(value) ?? ''
  return ids.some(id => text.includes(JSON.stringify(id)))
}
