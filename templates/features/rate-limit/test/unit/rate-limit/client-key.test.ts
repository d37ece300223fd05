import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import type { Identity } from '../../../src/http/route-policy.ts'
import {
  addressKey,
  clientKey,
  type KeyKind,
  keyNamed,
} from '../../../src/rate-limit/client-key.ts'

test.each([
  ['203.0.113.9', 'ip:203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', 'ip:2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::1', 'ip:2001:db8:1:2::/64'],
  ['2001:db8::1', 'ip:2001:db8:0:0::/64'],
  ['1::2:3:4:5:1.2.3.4', 'ip:1:0:2:3::/64'],
  ['::1', 'ip:0:0:0:0::/64'],
  ['fe80::1%eth0', 'ip:fe80:0:0:0::/64'],
  ['::ffff:203.0.113.9', 'ip:203.0.113.9'],
  ['::FFFF:cb00:7109', 'ip:203.0.113.9'],
  ['203.0.113.9:4711', 'ip:203.0.113.9'],
  ['[2001:db8:1:2::1]:4711', 'ip:2001:db8:1:2::/64'],
  ['[2001:db8:1:2::1]', 'ip:2001:db8:1:2::/64'],
  ['[::ffff:203.0.113.9]:4711', 'ip:203.0.113.9'],
  ['somebody', 'ip:unknown'],
  ['somebody:4711', 'ip:unknown'],
  ['203.0.113:4711', 'ip:unknown'],
  ['[somebody]:4711', 'ip:unknown'],
  [undefined, 'ip:unknown'],
])('%s counts as %s', (address, key) => {
  expect(addressKey(address)).toBe(key)
})

test.each([
  ['ip:2001:DB8::1', 'ip:2001:db8:0:0::/64'],
  ['ip:2001:db8::/64', 'ip:2001:db8:0:0::/64'],
  ['ip:::ffff:203.0.113.9', 'ip:203.0.113.9'],
  ['ip:203.0.113.9', 'ip:203.0.113.9'],
  ['ip:somebody', 'ip:somebody'],
  ['ip:unknown', 'ip:unknown'],
  ['user:2001:db8::1', 'user:2001:db8::1'],
])('people who say %s mean %s', (name, key) => {
  expect(keyNamed(name)).toBe(key)
})

const user: Identity = { kind: 'user', userId: '7', roles: [], permissions: [], tier: 'free' }
const apiKey: Identity = { ...user, kind: 'api-key', keyId: 'k1' }
const kinds: readonly KeyKind[] = ['client', 'ip', 'user', 'api-key']

test.each([
  ['nobody', null, ['ip:192.0.2.1', 'ip:192.0.2.1', 'ip:192.0.2.1', 'ip:192.0.2.1']],
  ['a user', user, ['user:7', 'ip:192.0.2.1', 'user:7', 'ip:192.0.2.1']],
  ['an API key', apiKey, ['apikey:k1', 'ip:192.0.2.1', 'user:7', 'apikey:k1']],
])('the keys of %s', (_who, identity, keys) => {
  const request = { identity, ip: '192.0.2.1' } as FastifyRequest
  expect(kinds.map((kind) => clientKey(request, kind))).toEqual(keys)
})
