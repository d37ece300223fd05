import { Type } from 'typebox'

/** The API documentation: `/docs` and `/openapi.json`. */
export const docs = Type.Object({
  enabled: Type.Boolean({
    env: 'DOCS_ENABLED',
    default: true,
    defaultIn: { production: false },
    description: 'Serve /docs and /openapi.json.',
  }),
})
