import { Type } from 'typebox'

/** The API documentation: `/docs`, `/openapi.json`, and a page for each type of problem. */
export const docs = Type.Object({
  enabled: Type.Boolean({
    env: 'DOCS_ENABLED',
    default: true,
    defaultIn: { production: false },
    description: 'Serve /docs, /openapi.json and /errors.',
  }),
  problemBaseUri: Type.String({
    env: 'PROBLEM_BASE_URI',
    default: '',
    pattern: '^(https?://[^\\s?#]*[^\\s?#/])?$',
    expected: 'a URL such as https://docs.example.com, without a slash at its end',
    description: 'Where /errors/<name> is, if the types of problems shall lead somewhere else.',
  }),
})
