/**
 * The `Link` header of a list's page: `first`, and `next` where there is one.
 *
 * @param url of the request, from the path on
 * @see RFC 8288
 */
export function pageLinks(url: string, next: string | null): string {
  const first = link(url, null, 'first')
  return next === null ? first : `${first}, ${link(url, next, 'next')}`
}

function link(url: string, cursor: string | null, relation: string): string {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  if (cursor === null) searchParams.delete('cursor')
  else searchParams.set('cursor', cursor)
  const query = searchParams.size > 0 ? `?${searchParams}` : ''
  return `<${pathname}${query}>; rel="${relation}"`
}
