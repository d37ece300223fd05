import { Type } from 'typebox'

/** A text that need not be set. */
export function optionalText(schema: Parameters<typeof Type.String>[0]) {
  return Type.Optional(Type.String(schema))
}

/** A whole number; `usual` if it isn't set. */
export function integer(env: string, usual: number, schema: Parameters<typeof Type.Integer>[0]) {
  return Type.Integer({ env, default: usual, ...schema })
}
