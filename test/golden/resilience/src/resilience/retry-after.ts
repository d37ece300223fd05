/**
 * Reads a `Retry-After` header: whole seconds, or a date.
 *
 * @param now the present, in milliseconds since 1970
 * @returns milliseconds from now, 0 for a date that is past; nothing where the header is not valid
 * @see RFC 9110, sections 10.2.3 and 5.6.7
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1000
  // Date.parse takes far more than HTTP does, "-1" among it.
  if (!/^[A-Z][a-z]{2,8},? .*\d\d:\d\d:\d\d/.test(text)) return undefined
  // The oldest of the three forms has no zone; all of them are in UTC.
  const date = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
