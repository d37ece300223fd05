/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * Where one entry of ours goes among its neighbours: the total order of the names that are ours
 * (names that are not are never compared), by name, behind all others, before the plugins and routes
 * of the project's own but those listed (so that hooks meet their routes, in the order in which they
 * came), or directly beside one that is named. `own` are patterns of specifiers that lead into the
 * project beside paths, with at most one star each: `@modules/*`.
 */
export type Order =
  | readonly string[]
  | 'by-name'
  | 'last'
  | { readonly beforeOwn: readonly string[]; readonly own?: readonly string[] }
  | { readonly after: string }
  | { readonly before: string }

/**
 * `import name from 'from'`, or `import { name } from 'from'` when `named` is set. In a CommonJS
 * file of JavaScript (`require`) it is `const name = require('from')`.
 */
export interface EnsureImport {
  readonly op: 'ensureImport'
  readonly name: string
  readonly named?: boolean
  readonly typeOnly?: boolean
  readonly require?: boolean
  readonly from: string
  /** Other specifiers that lead to the same module here, through `imports` or `paths` maps. */
  readonly aliases?: readonly string[]
}

/**
 * One call statement on a line of its own, for example `await app.register(products)`. `name` is
 * the identifier that `order` ranks: the first argument of `.register(…)`, or else the function
 * that is called.
 */
export interface EnsureStatement {
  readonly op: 'ensureStatement'
  /**
   * The function in whose body it goes, or the variable that holds the Fastify instance, built here
   * or imported (`app`, `core.app`); without it the one Fastify instance that the file builds. The
   * statement is written for an instance called `app`.
   */
  readonly within?: string
  readonly name: string
  readonly statement: string
  readonly order: Order
}

/** One item of an array literal, for example of a list of plugins that is looped over. */
export interface EnsureListItem {
  readonly op: 'ensureListItem'
  /**
   * What holds the list, in whatever scope: a variable or a class field (`plugins`,
   * `App.plugins`), the default export (`default`) or what is assigned (`module.exports`). Dots
   * lead on to a property (`options.plugins`); `@Module.imports` is one of a decorator's argument.
   */
  readonly list: string
  /** The identifier that `order` ranks. */
  readonly name: string
  readonly item: string
  readonly order: Order
}

/** One property of an object literal. */
export interface EnsureProperty {
  readonly op: 'ensureProperty'
  /** As `list` of a list item. */
  readonly object: string
  readonly key: string
  /** The expression; the same as `key` makes a shorthand property. */
  readonly value: string
  readonly order: Order
}

/** `export * from 'from'` in a barrel, sorted by specifier. */
export interface EnsureExport {
  readonly op: 'ensureExport'
  readonly from: string
  /** As those of an import. */
  readonly aliases?: readonly string[]
}

/** A property of a JSON object; `sorted` places it by key as npm sorts dependencies. */
export interface EnsureJson {
  readonly op: 'ensureJson'
  readonly path: readonly string[]
  readonly value: Json
  readonly sorted?: boolean
}

/** Objects that belong together in an array of a JSON file, such as a row of a dashboard. */
export interface EnsureJsonItems {
  readonly op: 'ensureJsonItems'
  readonly path: readonly string[]
  /** The property, a number in every object, by which the array is sorted. */
  readonly sortBy: string
  /** What they are called in messages. */
  readonly entry: string
  /** The objects: a JSON array. */
  readonly block: string
}

/** A key of a YAML mapping with the block text of its value, comments included. */
export interface EnsureYaml {
  readonly op: 'ensureYaml'
  readonly path: readonly string[]
  /** The whole entry as it stands at column 0, `key:` line first. */
  readonly block: string
  readonly order: Order
}

/** A block of an env file: a `# section` line, then variables and comments. */
export interface EnsureEnv {
  readonly op: 'ensureEnv'
  readonly section: string
  /** The lines below the section line. */
  readonly lines: readonly string[]
  readonly order: Order
}

/** A section of a Markdown file, from its heading on, or one row of a table. */
export interface EnsureMarkdown {
  readonly op: 'ensureMarkdown'
  /** Title of the section in which it goes; without it anywhere in the file. */
  readonly under?: string
  /** What `order` ranks: the title of a section, the first cell of a row. */
  readonly entry: string
  /** The section, or a row that begins with `|`. */
  readonly block: string
  readonly order: Order
}

/** A change of a file that somebody else may own: declarative, serialisable, repeatable. */
export type Op =
  | EnsureImport
  | EnsureStatement
  | EnsureListItem
  | EnsureProperty
  | EnsureExport
  | EnsureJson
  | EnsureJsonItems
  | EnsureYaml
  | EnsureEnv
  | EnsureMarkdown
