import type { Address } from '../../system/server-process.ts'
import type { ServeSettings } from './settings.ts'

const everywhere = ['0.0.0.0', '::']

/** The addresses of a service, a line each. */
export function addressLines(
  { host, port }: Address,
  { prefix, docs }: Pick<ServeSettings, 'prefix' | 'docs'>,
  networkAddress?: string,
): readonly string[] {
  const isOpen = everywhere.includes(host)
  const base = baseUrl({ host, port })
  const lines = [
    ...(prefix === undefined ? [] : [['API', `${base}${prefix}`]]),
    ...(docs ? [['docs', `${base}/docs`]] : []),
    ['health', `${base}/health/ready`],
    ...(isOpen && networkAddress !== undefined ? [['network', urlOf(networkAddress, port)]] : []),
  ]
  return lines.map(([name = '', url]) => `  ${name.padEnd(8)} ${url}`)
}

/** Where a browser on this machine reaches the server. */
export function baseUrl({ host, port }: Address): string {
  return urlOf(everywhere.includes(host) ? 'localhost' : host, port)
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
