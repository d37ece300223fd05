import { typescript } from './compiler.ts'

/** A specifier that a module imports, and where it stands. */
export interface Imported {
  readonly specifier: string
  readonly at: number
}

/** Everything that a module imports, exports again or requires, types included. */
export function importedIn(text: string): readonly Imported[] {
  const { importedFiles } = typescript().preProcessFile(text, true, true)
  return importedFiles.map(({ fileName, pos }) => ({ specifier: fileName, at: pos }))
}
