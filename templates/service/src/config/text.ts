import { Type } from 'typebox'

/** A text that need not be set. */
export function optionalText(schema: Parameters<typeof Type.String>[0]) {
  return Type.Optional(Type.String(schema))
}
