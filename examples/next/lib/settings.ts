/** What the environment says: see the README. The only file that reads it. */
export interface Settings {
  /** Where the Dimmer server is, for this server and for the page. */
  readonly url: string
  readonly serverKey: string
  readonly browserKey: string
  /** Absent: the page's context goes unsigned. */
  readonly signingSecret: string | undefined
}

function required(name: string): string {
  const value = process.env[name]
  if (value) return value
  throw new Error(`${name} is not set. See the README of this example.`)
}

/** Read when a request needs it: a build has none of it. */
export function settings(): Settings {
  return {
    url: process.env.DIMMER_URL ?? 'http://127.0.0.1:4400',
    serverKey: required('DIMMER_SDK_KEY'),
    browserKey: required('DIMMER_BROWSER_KEY'),
    signingSecret: process.env.DIMMER_SIGNING_SECRET,
  }
}
