import { expect } from 'vitest'

/** Every response has these, in tests as in production. */
const headersOfEach = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'content-security-policy': expect.stringMatching(/^default-src 'none';.* frame-ancestors 'none'/),
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'x-xss-protection': '0',
  'referrer-policy': 'no-referrer',
  'permissions-policy': expect.stringMatching(/geolocation=\(\).*usb=\(\)/),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-permitted-cross-domain-policies': 'none',
  'origin-agent-cluster': '?1',
  'x-dns-prefetch-control': 'off',
}

/** Asserts that a response has every security header, and none that names the software. */
export function expectSecurityHeaders(headers: Record<string, unknown>, what?: string): void {
  expect(headers, what).toMatchObject(headersOfEach)
  expect(headers, what).not.toHaveProperty('server')
  expect(headers, what).not.toHaveProperty('x-powered-by')
}
