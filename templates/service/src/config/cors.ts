import { Type } from 'typebox'

const everyone = '*'

function isOrigin(text: string): boolean {
  if (text === everyone) return true
  if (!/^https?:\/\/[a-z\d.:[\]-]+$/.test(text)) return false
  return URL.canParse(text) && new URL(text).origin === text
}

/** Which pages of other origins may call the API from a browser. */
export const cors = Type.Object({
  origins: Type.Array(Type.Refine(Type.String(), isOrigin), {
    env: 'CORS_ORIGINS',
    default: [],
    defaultIn: { development: ['http://localhost:3000', 'http://localhost:5173'] },
    expected: 'origins such as https://app.example.com, without a path; or * alone',
    refusedBecause: ({ cors }: { cors: CorsSettings }) =>
      cors.origins.includes(everyone) && cors.origins.length > 1
        ? ['* alone or a list without it', '* is every origin']
        : undefined,
    description: 'Origins whose pages may call the API, separated by commas; * for every one.',
  }),
  credentials: Type.Boolean({
    env: 'CORS_CREDENTIALS',
    default: false,
    refusedBecause: ({ cors }: { cors: CorsSettings }) =>
      cors.credentials && cors.origins.includes(everyone)
        ? ['false', 'CORS_ORIGINS is *, and any page could act as the user']
        : undefined,
    description: 'Let those pages send cookies and read what is answered to them.',
  }),
  maxAge: Type.Integer({
    env: 'CORS_MAX_AGE',
    default: 600,
    minimum: 0,
    maximum: 86_400,
    description: 'How long a browser may keep the answer to a preflight, in seconds.',
  }),
})

interface CorsSettings {
  origins: string[]
  credentials: boolean
}
