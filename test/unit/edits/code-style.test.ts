import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeStyleOf, ownStyle, restyled } from '../../../src/edits/code-style.ts'

const text = `import type { FastifyInstance } from 'fastify'

/** It's ours. */
export interface Thing {
  name: string
}

export type Things = Thing[]

const quoted = "don't"
const escaped = 'say "yes"'

export default async function things(app: FastifyInstance): Promise<void> {
  app.get<{ Body: Thing; Params: Thing }>('/', async () => {
    throw failure('/')
  })
  return undefined
}
`

describe('the style of a file', () => {
  it.each([
    ["import a from 'a'\n\nexport const b = [\n  a,\n]\n", ownStyle],
    [
      'import a from "a";\n\nif (a) {\n    b();\n}\n',
      { quote: '"', semicolon: ';', indent: '    ' },
    ],
    [
      "const a = require('a');\nif (a) {\n\tb();\n}\n",
      { quote: "'", semicolon: ';', indent: '\t' },
    ],
    ['', ownStyle],
  ])('of %j is seen', (source, style) => {
    expect(codeStyleOf('src/app.ts', source)).toEqual(style)
  })

  it('of a template stays where it is that of the project', () => {
    expect(restyled('a.ts', text, ownStyle)).toBe(text)
  })

  it('takes the quotes, semicolons and indents of the project', () => {
    expect(restyled('a.ts', text, { quote: '"', semicolon: ';', indent: '\t' })).toBe(
      `import type { FastifyInstance } from "fastify";

/** It's ours. */
export interface Thing {
\tname: string;
}

export type Things = Thing[];

const quoted = "don't";
const escaped = 'say "yes"';

export default async function things(app: FastifyInstance): Promise<void> {
\tapp.get<{ Body: Thing; Params: Thing }>("/", async () => {
\t\tthrow failure("/");
\t});
\treturn undefined;
}
`,
    )
  })

  it('of any source of ours is found again, and its statements stay', () => {
    const folder = join(import.meta.dirname, '../../../src/generators')
    const style = { quote: '"', semicolon: ';', indent: '    ' } as const
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.ts'))) {
      const source = readFileSync(join(folder, name), 'utf8')
      const other = restyled(name, source, style)
      expect(codeStyleOf(name, other), name).toEqual(style)
      expect(other.split('\n')).toHaveLength(source.split('\n').length)
    }
  })
})
