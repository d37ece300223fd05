import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import fp from 'fastify-plugin'
import { problemTypes } from './app-error.ts'

const folder = new URL('../../docs/errors/', import.meta.url)

const style = `
:root { color-scheme: light dark; font: 1rem/1.6 system-ui, sans-serif }
body { max-width: 42rem; margin: 3rem auto; padding: 0 1rem }
code { background: #8883; border-radius: 0.2em; padding: 0.1em 0.3em }
`
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A page for each problem type, where its `type` links to, and a list of them at `/errors`. */
export const errorPages = fp(
  async (app) => {
    if (!app.config.docs.enabled) return
    for (const [url, html] of await renderPages()) {
      app.get(url, { schema: { hide: true } }, async (_request, reply) =>
        reply
          .headers({
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': policy,
          })
          .send(html),
      )
    }
  },
  { name: 'error-pages', dependencies: ['errors'] },
)

/** The pages by URL. */
async function renderPages(): Promise<[url: string, html: string][]> {
  const entries = Object.entries(problemTypes).map(([name, [status, title]]) => {
    return { name, title: `${status} ${title}`, url: `/errors/${name}` }
  })
  const links = entries.map(({ url, title }) => `<li><a href="${url}">${title}</a></li>`)
  const pages = entries.map(async ({ name, title, url }): Promise<[string, string]> => {
    const markdown = await readFile(new URL(`${name}.md`, folder), 'utf8')
    return [url, page(title, `${render(markdown)}\n<p><a href="/errors">All errors</a></p>`)]
  })
  const list = page('Errors', `<h1>Errors</h1>\n<ul>\n${links.join('\n')}\n</ul>`)
  return [['/errors', list], ...(await Promise.all(pages))]
}

/** Renders what the pages use of Markdown: headings, paragraphs, lists and code spans. */
function render(markdown: string): string {
  const text = markdown.replaceAll('&', '&amp;').replaceAll('<', '&lt;').trim()
  const blocks = text.split(/\n{2,}/).map((block) => {
    const [, marks, heading] = /^(#+) (.*)$/.exec(block) ?? []
    if (marks) return `<h${marks.length}>${heading}</h${marks.length}>`
    if (!block.startsWith('- ')) return `<p>${block}</p>`
    return `<ul>${block
      .slice(2)
      .split('\n- ')
      .map((item) => `<li>${item}</li>`)
      .join('')}</ul>`
  })
  return blocks.join('\n').replace(/`([^`]+)`/g, '<code>$1</code>')
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
${content}
</html>
`
}
