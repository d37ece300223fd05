/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * Where one entry of ours goes among its neighbours: the total order of the names that are ours,
 * or by name. Names that are not ours are never compared.
 */
export type Order = readonly string[] | 'by-name'

/** `import name from 'from'`, or `import { name } from 'from'` when `named` is set. */
export interface EnsureImport {
  readonly op: 'ensureImport'
  readonly name: string
  readonly named?: boolean
  readonly typeOnly?: boolean
  readonly from: string
}

/**
 * One call statement on a line of its own in the body of an exported function, for example
 * `await app.register(products)`. `name` is the identifier that `order` ranks: the sole argument
 * of `.register(…)`, or else the function that is called.
 */
export interface EnsureStatement {
  readonly op: 'ensureStatement'
  readonly within: string
  readonly name: string
  readonly statement: string
  readonly order: Order
}

/** `export * from 'from'` in a barrel, sorted by specifier. */
export interface EnsureExport {
  readonly op: 'ensureExport'
  readonly from: string
}

/** A property of a JSON object; `sorted` places it by key as npm sorts dependencies. */
export interface EnsureJson {
  readonly op: 'ensureJson'
  readonly path: readonly string[]
  readonly value: Json
  readonly sorted?: boolean
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

/** A change of a file that somebody else may own: declarative, serialisable, repeatable. */
export type Op = EnsureImport | EnsureStatement | EnsureExport | EnsureJson | EnsureYaml | EnsureEnv
