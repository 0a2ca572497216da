/** The address behind which an invitation or a link for a new password is used; the secret is behind the #, which no server sees. */
export const welcomeLink = (token: string): string => `${window.location.origin}/welcome#${token}`
