/** What a module of JavaScript imports. */
export interface ModuleImport {
  readonly name: string
  /** Only when it runs into `import()`. */
  readonly isDynamic: boolean
  /** For what the module does: `import 'name'`. */
  readonly isForEffect: boolean
}

/** Finds what a module imports by names that are written out; nothing in what is no module. */
export async function importReader(): Promise<(text: string) => readonly ModuleImport[]> {
  const { init, parse } = await import('es-module-lexer')
  await init
  return (text) => {
    try {
      const [imports] = parse(text)
      return imports.flatMap(({ n: name, d: at, ss, s }) =>
        name === undefined
          ? []
          : [
              {
                name,
                isDynamic: at > -1,
                isForEffect: at === -1 && /^import\s*['"]$/.test(text.slice(ss, s)),
              },
            ],
      )
    } catch {
      return []
    }
  }
}
