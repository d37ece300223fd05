import { isUtf8 } from 'node:buffer'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { AppError, BadRequestError } from './app-error.ts'

/** How deep arrays and objects may be nested. Deeper ones only attack what walks them. */
const maxDepth = 64

/**
 * Bodies are JSON in valid Unicode, not too deep, and without keys that could change a prototype.
 * An empty body counts as none, whatever its type: a route whose schema needs one answers with 422.
 */
export const jsonBody = fp(
  async (app) => {
    const parse = app.getDefaultJsonParser('error', 'error')

    app.removeContentTypeParser('text/plain')
    const options = { parseAs: 'buffer' } as const
    app.addContentTypeParser<Buffer>('application/json', options, (request, bytes, done) => {
      if (bytes.length === 0) return done(null, undefined)
      const text = bytes.toString()
      const fault = encodingFault(request) ?? unicodeFault(bytes, text) ?? depthFault(text)
      if (fault) done(fault)
      else parse(request, text, done)
    })
  },
  { name: 'json-body', dependencies: ['errors'] },
)

function encodingFault({ headers }: FastifyRequest): AppError | undefined {
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity'
  if (encoding === 'identity') return undefined
  const detail = 'Compressed bodies are not supported. Send it without Content-Encoding.'
  return new AppError(415, detail, { headers: { 'accept-encoding': 'identity' } })
}

/** Databases can't store half a surrogate pair, and invalid bytes would be replaced silently. */
function unicodeFault(bytes: Buffer, text: string): AppError | undefined {
  if (!isUtf8(bytes)) return new BadRequestError('The body is not valid UTF-8.')
  // In UTF-8 only an escape can hold half a pair.
  if (!/\\ud[89a-f]/i.test(text)) return undefined
  const unescaped = text.replace(/\\(?:u([\da-f]{4})|.)/gis, (_escape, hex?: string) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : '',
  )
  if (!/\p{Surrogate}/u.test(unescaped)) return undefined
  return new BadRequestError('The JSON has an unpaired surrogate.')
}

/** The text need not be valid JSON. */
function depthFault(text: string): AppError | undefined {
  const brackets = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"?|[^"[\]{}]+/gs, '')
  let depth = 0
  for (const bracket of brackets) {
    depth += '[{'.includes(bracket) ? 1 : -1
    if (depth > maxDepth) return new BadRequestError('The JSON is nested too deeply.')
  }
  return undefined
}
