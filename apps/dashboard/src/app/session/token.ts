const PLACE = 'dimmer-admin-token'

/** The admin token that was typed in this tab, if any. */
export const readToken = (): string | undefined => sessionStorage.getItem(PLACE) ?? undefined

/** Keeps the token until the tab is closed. */
export const keepToken = (token: string): void => sessionStorage.setItem(PLACE, token)

export const forgetToken = (): void => sessionStorage.removeItem(PLACE)
