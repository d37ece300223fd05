/** Names in a project that only one thing can have. */
export interface Owned {
  /** Paths below `API_PREFIX`, without a slash before: `rate-limits`. */
  readonly paths: readonly string[]
  /** Paths that are not below `API_PREFIX`: `/health`. */
  readonly rootPaths: readonly string[]
  readonly tables: readonly string[]
  /** Names of migrations, without their stamps. */
  readonly migrations: readonly string[]
  /** `$id`s of schemas. */
  readonly schemas: readonly string[]
  /** `operationId`s of routes. */
  readonly operations: readonly string[]
  /** Fastify plugins, by the name that they have for `dependencies`. */
  readonly plugins: readonly string[]
  /** Tests `test/api/<name>.test.ts`. */
  readonly tests: readonly string[]
}

/** Something that has names of its own. */
export interface Owner {
  /** `the feature auth`, `the resource product`. */
  readonly title: string
  /** False for a feature that may still be added. */
  readonly isPresent: boolean
  /** Whether everything below its paths belongs to it, too. */
  readonly ownsBelow: boolean
  readonly owned: Partial<Owned>
}
