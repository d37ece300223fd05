import { expect, test } from 'vitest'
import type { Surroundings } from '../../../src/generators/generator.ts'
import { type RouterInput, router } from '../../../src/generators/router.ts'
import { inService } from './surroundings.ts'

function plan(asked: Partial<RouterInput>, surroundings: Surroundings = inService()) {
  return router.plan({ name: 'webhooks', ...asked }, surroundings)
}

test.each([
  'webhooks',
  '/',
  '',
  '//a',
  '/a//b',
  '/a b',
  '/a?b',
  '/a#b',
  '/*',
  '/:',
  '/:1a',
  '/a/../b',
  '/:a/x/:a',
  '/é',
  `/${'a'.repeat(80)}`,
])('%j is no prefix', (prefix) => {
  expect(() => plan({ prefix })).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test.each(['', '  ', 'a\nb', 'a\u2028b', 'x'.repeat(41)])('%j is no tag', (tag) => {
  expect(() => plan({ tag })).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test.each(['app', 'config', 'routes', 'class', 'client', '../a'])('%j is no name', (name) => {
  expect(() => plan({ name })).toThrow(expect.objectContaining({ exitCode: 2 }))
})

test.each([
  ['src/resources', 'webhooks', undefined],
  ['test/api', 'webhooks.test.ts', '/hooks'],
])('a name that has an entry in %s is taken', (folder, entry, prefix) => {
  const surroundings = inService({ names: { [folder]: [entry] } })
  const expected = { code: 'NAME_TAKEN', refusals: [{ file: `${folder}/${entry}` }] }
  expect(() => plan({ prefix }, surroundings)).toThrow(expect.objectContaining({ exitCode: 3 }))
  expect(() => plan({ prefix }, surroundings)).toThrow(
    expect.toSatisfy((error) => {
      expect(error).toMatchObject(expected)
      return true
    }),
  )
  expect(() => plan({ name: 'others', prefix }, surroundings)).not.toThrow()
})
