import { describe, expect, it } from 'vitest'
import { chooseVersion, compareVersions } from '../../../src/dev/deps/versions.ts'

describe('compareVersions', () => {
  // The order of https://semver.org, clause 11, and numbers that are not words.
  const ordered = [
    '0.9.0',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.2.0',
    '1.10.0',
    '2.0.0-next-1',
    '2.0.0',
  ]
  it.each(ordered.slice(1).map((newer, at) => [ordered[at] ?? '', newer] as const))(
    '%s is older than %s',
    (older, newer) => {
      expect(compareVersions(older, newer)).toBeLessThan(0)
      expect(compareVersions(newer, older)).toBeGreaterThan(0)
    },
  )

  it('takes no notice of builds', () => {
    expect(compareVersions('1.0.0+a', '1.0.0+b')).toBe(0)
  })
})

describe('chooseVersion', () => {
  const of = (version: string, deprecated?: string, latest = '9.0.0') => ({
    version,
    latest,
    deprecated,
  })

  it.each([
    ['the highest', [of('1.10.0'), of('1.9.0'), of('1.2.0')], '1.10.0'],
    ['latest', [of('1.0.0', undefined, '1.0.0'), of('1.1.0', undefined, '1.0.0')], '1.0.0'],
    ['none that is deprecated', [of('1.0.0'), of('1.1.0', 'gone')], '1.0.0'],
    ['one that is deprecated where all are', [of('1.0.0', 'gone'), of('1.1.0', 'gone')], '1.1.0'],
  ])('takes %s', (_what, published, expected) => {
    expect(chooseVersion(published)?.version).toBe(expected)
  })

  it('takes nothing of nothing', () => {
    expect(chooseVersion([])).toBeUndefined()
  })
})
