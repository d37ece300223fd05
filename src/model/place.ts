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

/** A condition on the path of a file. */
export type NameTest =
  | { readonly kind: 'pattern'; readonly source: string; readonly flags: string }
  | { readonly kind: 'includes' | 'startsWith' | 'endsWith'; readonly text: string }
  | { readonly kind: 'not'; readonly of: NameTest }
  | { readonly kind: 'all' | 'any'; readonly of: readonly NameTest[] }

/** An option of @fastify/autoload that takes or leaves out files by their path. */
export interface FileFilter {
  readonly option: 'matchFilter' | 'ignorePattern' | 'ignoreFilter' | 'scriptPattern'
  /** As it stands in the file. */
  readonly written: string
  /** Undefined where only the running program can tell. */
  readonly test?: NameTest
}

/** Where the things of one kind go. */
export interface Place {
  /** The folder of new files, from the project's root. */
  readonly folder: string
  /** How they are registered: by a line in a file, or by a loader that takes up the folder. */
  readonly by: 'site' | 'loader'
  /** The file in which the loader is told of the folder. */
  readonly loadedBy?: string
  /** What is put before every route there, by the loader or by who registers the function. */
  readonly prefix?: string
  /** A prefix that is known at run time only, as it is written: `config.prefix`. */
  readonly unknownPrefix?: string
  /** The spot of the line. */
  readonly site?: Site
  /** What decides which files of a loaded folder are taken. Never recorded. */
  readonly filters?: readonly FileFilter[]
  /** What takes a line instead of a loaded folder, as `--into` takes it. Never recorded. */
  readonly instead?: readonly string[]
  /** Why there is no spot: none fits, or several do. Never recorded. */
  readonly unplaced?: Refusal
}
