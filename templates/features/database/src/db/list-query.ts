import { type TSchema, Type } from 'typebox'
import { nullable } from './json-types.ts'

export const defaultLimit = 20
const largestLimit = 100

/** The ids grow with time: newest first. */
export const defaultSort = '-id'

/** The query parameters of every list; `keys` are the properties that it can be sorted by. */
export function listQuery(keys: readonly string[]) {
  return {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: largestLimit,
        default: defaultLimit,
        description: 'How many items a page has at most.',
      }),
    ),
    sort: Type.Optional(
      Type.Unsafe<string>({
        type: 'string',
        enum: keys.flatMap((key) => [key, `-${key}`]),
        default: defaultSort,
        description: 'The property to sort by; with a minus, downwards.',
      }),
    ),
    cursor: Type.Optional(
      Type.String({ maxLength: 12_000, description: '`page.next` of the page before.' }),
    ),
  }
}

/** The response of a list of `item`. */
export function pageOf<Item extends TSchema>(item: Item) {
  return Type.Object({
    data: Type.Array(item),
    page: Type.Object({
      next: nullable(
        Type.String({ description: 'The cursor of the next page; null on the last one.' }),
      ),
      limit: Type.Integer({ description: 'How many items a page has at most.' }),
    }),
  })
}
