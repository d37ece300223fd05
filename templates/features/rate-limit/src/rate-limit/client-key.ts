import { isIPv4, isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Identity } from '../http/route-policy.ts'

/** Whom to count by: see `clientKey`. */
export type KeyKind = 'client' | 'ip' | 'user' | 'api-key'

/**
 * Who the counters of a request belong to: `apikey:<id of the key>`, `user:<id>` or `ip:<address>`.
 *
 * - `client`: the API key, else the user, else the address
 * - `ip`: the address, whoever calls
 * - `user`: the user, also for the API keys of that user; else the address
 * - `api-key`: the API key; else the address, also for somebody who has logged in
 */
export function clientKey({ identity, ip }: FastifyRequest, kind: KeyKind): string {
  const caller = countedCaller(identity, kind)
  if (caller === null) return addressKey(ip)
  if (caller.keyId !== undefined && kind !== 'user') return `apikey:${caller.keyId}`
  return `user:${caller.userId}`
}

/** Whose counter and tier a request has; null where an address counts, which has no tier. */
export function countedCaller(identity: Identity | null, kind: KeyKind): Identity | null {
  if (kind === 'ip') return null
  return kind === 'api-key' && identity?.keyId === undefined ? null : identity
}

/** The key that people mean: an address may be written in any form, and as its network. */
export function keyNamed(name: string): string {
  if (!name.startsWith('ip:')) return name
  const key = addressKey(name.slice(3).replace(/\/64$/, ''))
  return key === unknown ? name : key
}

const unknown = 'ip:unknown'

/**
 * The key of an address. IPv6 addresses count by their /64: whoever has one of them has them all.
 * Some proxies write the port of the client too, `203.0.113.9:4711` or `[2001:db8::1]:4711`: it does
 * not count.
 *
 * @see RFC 6177, section 2
 */
export function addressKey(ip: string | undefined): string {
  if (ip === undefined) return unknown
  if (isIPv4(ip)) return `ip:${ip}`
  const host = withPort.exec(ip)
  const [address = ''] = (host?.[1] ?? host?.[2] ?? ip).split('%', 1)
  if (isIPv4(address)) return `ip:${address}`
  return isIPv6(address) ? networkKey(groupsOf(address)) : unknown
}

const withPort = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/

/** An IPv4 address may arrive in the form of IPv6 (RFC 4291, section 2.5.5.2). */
function networkKey(groups: readonly number[]): string {
  const [, , , , , mark, high = 0, low = 0] = groups
  if (mark === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `ip:${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
  }
  const prefix = groups.slice(0, 4).map((group) => group.toString(16))
  return `ip:${prefix.join(':')}::/64`
}

/** The eight groups of an IPv6 address, in whatever form it is written. */
function groupsOf(address: string): number[] {
  const [head = [], tail] = address.split('::').map(parseGroups)
  if (tail === undefined) return head
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

function parseGroups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}
