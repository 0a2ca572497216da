/** Shapes of the architecture check. Types only: the check itself is plain JavaScript and needs no build. */

/** One import, re-export, dynamic import or `import('...')` type. */
export interface ImportSite {
  readonly specifier: string
  readonly line: number
  /** True when nothing of it is left at run time. `import { type A }` is not: it still loads the module. */
  readonly typeOnly: boolean
}

/** A place that reaches outside the program: a clock, chance, the environment, the network. */
export interface OutsideUse {
  /** As a person would write it, e.g. "Date.now" or "process.env". */
  readonly name: string
  readonly line: number
}

export interface ParsedSource {
  readonly imports: readonly ImportSite[]
  readonly outsideUses: readonly OutsideUse[]
}

/** An import with the place it leads to. */
export interface ResolvedImport extends ImportSite {
  /** The file in this repository, as a path from its root; undefined for npm packages and Node builtins. */
  readonly target: string | undefined
  /** The home of the target (see `SourceFile.home`); undefined for npm packages and Node builtins. */
  readonly targetHome: string | undefined
  /** True for "@dimmer/x/inner" when package x doesn't export "./inner". */
  readonly notExported: boolean
}

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  /** The workspace it belongs to, e.g. "packages/engine"; "" for files at the root. */
  readonly home: string
  /** A test, or a helper in a `test` folder. */
  readonly isTest: boolean
  readonly imports: readonly ResolvedImport[]
  readonly outsideUses: readonly OutsideUse[]
}

export interface Violation {
  readonly file: string
  readonly line: number
  readonly rule: string
  /** What the file does, e.g. "imports @dimmer/server". */
  readonly found: string
  /** What it may do instead. */
  readonly allowed: string
}
