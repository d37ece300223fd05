import fp from 'fastify-plugin'
import { BadRequestError } from './app-error.ts'

/** So many arrays and objects may be within each other: more is an attack on what walks them. */
const maximumDepth = 64

const [quote, backslash] = [0x22, 0x5c]
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Bodies are JSON, not too deep, and without keys that could change a prototype. */
export const jsonBody = fp(
  async (app) => {
    const parse = app.getDefaultJsonParser('error', 'error')

    app.removeContentTypeParser('text/plain')
    app.addContentTypeParser<string>(
      'application/json',
      { parseAs: 'string' },
      (request, body, done) => {
        if (isTooDeep(body)) done(new BadRequestError('The JSON is nested too deeply.'))
        else parse(request, body, done)
      },
    )
  },
  { name: 'json-body', dependencies: ['errors'] },
)

/** Whether a text of JSON, which need not be valid, is nested deeper than allowed. */
function isTooDeep(text: string): boolean {
  if (text.length <= maximumDepth) return false
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        quoted = !quoted
        break
      case backslash:
        at += 1
        break
      case openArray:
      case openObject:
        if (!quoted) depth += 1
        if (depth > maximumDepth) return true
        break
      case closeArray:
      case closeObject:
        if (!quoted) depth -= 1
    }
  }
  return false
}
