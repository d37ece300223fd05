import type { Config } from '../config/index.ts'

/** Headers by their names in lower case. */
export type Headers = Readonly<Record<string, string>>

const deniedFeatures = [
  'accelerometer',
  'autoplay',
  'camera',
  'clipboard-read',
  'clipboard-write',
  'cross-origin-isolated',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'interest-cohort',
  'keyboard-map',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'sync-xhr',
  'unload',
  'usb',
  'xr-spatial-tracking',
]

/**
 * The headers of every response. One of this API is data: it loads nothing, runs nothing and is
 * framed nowhere.
 *
 * @see https://owasp.org/www-project-secure-headers/
 */
export function securityHeaders(settings: Config['security']): Headers {
  return Object.freeze({
    ...(settings.hstsMaxAge > 0 && {
      'strict-transport-security': `max-age=${settings.hstsMaxAge}; includeSubDomains`,
    }),
    'content-security-policy':
      "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    // The filters that it switched on could be turned against a page.
    'x-xss-protection': '0',
    'referrer-policy': 'no-referrer',
    'permissions-policy': deniedFeatures.map((feature) => `${feature}=()`).join(', '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-resource-policy': 'same-origin',
    'x-permitted-cross-domain-policies': 'none',
    'origin-agent-cluster': '?1',
    'x-dns-prefetch-control': 'off',
  })
}
