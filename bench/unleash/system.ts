import type { Target } from '../lib/http-load.mjs'

/** An SDK that is connected. */
export interface SdkClient {
  /** Whether the switched flag is on for somebody in its audience. */
  isOn(): boolean
  /** Calls back when values may have changed. Returns a function that stops it. */
  onChange(look: () => void): () => void
  close(): unknown
}

/** A server with the 200 flags, and how to ask it. */
export interface FlagSystem {
  readonly name: string
  readonly port: number
  readonly pid: number
  /** The ruleset, as an SDK asks for it. */
  readonly ruleset: Pick<Target, 'path' | 'headers'>
  /** Values of all flags for one context. */
  readonly values: Pick<Target, 'method' | 'path' | 'headers' | 'body' | 'query'>
  /** Changes the flag for everybody; resolves when the server has answered. */
  switch(on: boolean): Promise<void>
  /** `pollMs`: for an SDK that polls; absent: as it is by default. */
  connect(options?: { readonly pollMs?: number }): Promise<SdkClient>
  stop(): Promise<void>
}
