/** What the server lets style elements of this page bear. */
export const styleNonce = (): string => document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''

/** Tells it to the library under Mantine's dialogs, which keeps the page behind from scrolling by a style of its own. */
export function announceStyleNonce(): void {
  Reflect.set(globalThis, '__webpack_nonce__', styleNonce())
}
