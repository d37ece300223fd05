import type { Refusal } from './refusal.ts'

/** How code is written in a project. */
export interface Habits {
  readonly language: 'typescript' | 'javascript'
  /** How modules are written; TypeScript that compiles to CommonJS counts as `esm`. */
  readonly module: 'esm' | 'commonjs'
  /** What a new source file ends with: `.ts`, `.mts`, `.js`, `.mjs` or `.cjs`. */
  readonly fileEnding: string
  /** What a relative specifier ends with: `.js`, `.ts`, … or nothing. */
  readonly specifierEnding: string
  /** The major version of Fastify. */
  readonly fastify: number
}

/** What of a file's layout a new file beside it takes over. */
export interface CodeStyle {
  readonly quote: "'" | '"'
  /** What ends a statement. */
  readonly semicolon: '' | ';'
  /** One level. */
  readonly indent: string
}

/** A version of a package, as far as it decides what may be written. */
export interface PackageVersion {
  readonly major: number
  readonly minor: number
}

/** What can be registered in an app. */
export type PlaceKind = 'router' | 'middleware'

/** The spot in a file where something is registered. */
export interface Site {
  readonly path: string
  /** The function, the variable of the instance, or the list; without it the file's one instance. */
  readonly within?: string
  /** Whether `within` is a list of plugins that is looped over. */
  readonly isList?: boolean
}

/** Where the things of one kind go. */
export interface Place {
  /** The folder of new files, from the project's root. */
  readonly folder: string
  /** How they are registered: by a line in a file, or by a loader that takes up the folder. */
  readonly by: 'site' | 'loader'
  /** The file in which the loader is told of the folder. */
  readonly loadedBy?: string
  /** What the loader puts before every route. */
  readonly prefix?: string
  /** The spot of the line. */
  readonly site?: Site
  /** Why there is no spot: none fits, or several do. Never recorded. */
  readonly unplaced?: Refusal
}
