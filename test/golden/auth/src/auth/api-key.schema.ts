import { type Static, Type } from 'typebox'
import { nullable, timestamp, uuid } from '../db/json-types.ts'
import type { ApiKey as Row } from './api-key.model.ts'

const members = {
  id: uuid(),
  name: Type.String(),
  scopes: Type.Array(Type.String()),
  expiresAt: timestamp(),
  lastUsedAt: nullable(timestamp()),
  createdAt: timestamp(),
}

/** A key, as its user sees it; the text is shown once, when it is made. */
export const ApiKey = Type.Object(members)
export const IssuedApiKey = Type.Object({
  ...members,
  key: Type.String({ description: 'For the header X-API-Key. It is not shown again.' }),
})
export const ApiKeyList = Type.Object({ data: Type.Array(ApiKey) })

/** The body that asks for a key. */
export const ApiKeyCreate = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    scopes: Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
      maxItems: 100,
      uniqueItems: true,
      default: [],
      description:
        'Permissions of yours that the key shall have, too. Without any it still acts as you where no permission is asked for.',
    }),
    expiresInDays: Type.Integer({ minimum: 1, maximum: 365, default: 90 }),
  },
  { additionalProperties: false },
)

export function toApiKey(row: Row): Static<typeof ApiKey> {
  const { id, name, scopes, expiresAt, lastUsedAt, createdAt } = row
  return {
    id,
    name,
    scopes,
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }
}
