import { yaml } from './yaml-entries.ts'

/**
 * What a text of YAML stands for.
 * @throws if it can't be parsed
 */
export function parseYamlText(text: string): unknown {
  return yaml().parse(text)
}
