/** Finds out whether a URL is one of the paths, or below one of them. */
export function pathMatcher(paths: readonly string[]): (url: string) => boolean {
  const ends = new Set([undefined, '/', '?'])
  return (url) => paths.some((path) => url.startsWith(path) && ends.has(url[path.length]))
}
