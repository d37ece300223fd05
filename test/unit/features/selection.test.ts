import { describe, expect, it } from 'vitest'
import { defineFeature } from '../../../src/features/feature.ts'
import { offered, resolveFeatures, selectFeatures } from '../../../src/features/selection.ts'

const feature = (
  id: string,
  more: { requires?: string[]; conflicts?: string[]; internal?: boolean } = {},
) => defineFeature({ id, title: id, summary: id, ...more })

const registry = [
  feature('redis'),
  feature('cache', { requires: ['redis'] }),
  feature('plain', { conflicts: ['cache'] }),
]
const ids = (features: readonly { readonly id: string }[]) => features.map(({ id }) => id)

describe('resolveFeatures', () => {
  it('brings in what is required, in the order of the registry', () => {
    expect(ids(resolveFeatures(['cache'], registry))).toEqual(['redis', 'cache'])
  })

  it('names the known features when one is unknown', () => {
    expect(() => resolveFeatures(['cash'], registry)).toThrow(
      expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('redis, cache') }),
    )
  })

  it('refuses two that exclude each other', () => {
    expect(() => resolveFeatures(['plain', 'cache'], registry)).toThrow(/can.t be combined/)
  })
})

describe('selectFeatures', () => {
  const select = (preset: 'minimal' | 'standard', features: string[], without: string[]) =>
    ids(selectFeatures({ preset, features, without }, registry.slice(0, 2)))

  it('is the preset, with what is added, without what is left out', () => {
    expect(select('minimal', [], [])).toEqual([])
    expect(select('minimal', ['redis'], [])).toEqual(['redis'])
    expect(select('standard', [], [])).toEqual(['redis', 'cache'])
    expect(select('standard', [], ['cache'])).toEqual(['redis'])
  })

  it('refuses to leave out what a chosen feature requires', () => {
    expect(() => select('standard', [], ['redis'])).toThrow(/redis is left out/)
  })

  it('refuses to choose and leave out the same', () => {
    expect(() => select('minimal', ['redis'], ['redis'])).toThrow(/both/)
  })

  it('refuses to leave out what does not exist', () => {
    expect(() => select('standard', [], ['rediss'])).toThrow(/rediss/)
  })

  it('brings in what is internal where it is required, and only there', () => {
    const inner = [
      feature('redis', { internal: true }),
      feature('cache', { requires: ['redis'] }),
      feature('plain'),
    ]
    const chosen = (without: string[]) =>
      ids(selectFeatures({ preset: 'standard', features: [], without }, inner))
    expect(ids(offered(inner))).toEqual(['cache', 'plain'])
    expect(chosen([])).toEqual(['redis', 'cache', 'plain'])
    expect(chosen(['cache'])).toEqual(['plain'])
    expect(() => chosen(['redis'])).toThrow(/redis is left out/)
    expect(() => resolveFeatures(['cash'], inner)).toThrow(
      expect.objectContaining({ hint: 'Features: cache, plain.' }),
    )
  })
})
