import { expect, test } from 'vitest'
import { isSound } from '../../../src/edits/guard.ts'
import { parse } from '../../../src/edits/source-file.ts'

function sound(text: string, put: string, path = 'a.js'): boolean {
  const at = text.indexOf('|')
  const source = parse({ path, text: text.replace('|', '') })
  return isSound(source, { at, text: put })
}

test('a statement of its own is sound', () => {
  expect(sound('a()\n|b()\nc()\n', 'x()\n')).toBe(true)
  expect(sound('if (a) {\n  |b()\n}\nc()\n', 'x()\n  ')).toBe(true)
})

test('what joins its neighbours is not', () => {
  expect(sound('a()\n|;[b].map(c)\n', 'x()')).toBe(true)
  expect(sound('a()\n|[b].map(c)\n', 'x()\n')).toBe(false)
  expect(sound('a()\n|b()\n', '(c)\n')).toBe(false)
  expect(sound('a()\n|b()\n', 'x')).toBe(false)
  expect(sound('a()\nb|()\n', 'x')).toBe(false)
})

test('a syntax error is not', () => {
  expect(sound('a()\n|b()\n', 'const = 1\n')).toBe(false)
})

test('what turns a script into a module must not change a far statement', () => {
  expect(sound('|a()\nb()\nc()\nawait (d)\n', "import x from 'x'\n")).toBe(false)
  expect(sound('|a()\nb()\nc()\nwait (d)\n', "import x from 'x'\n")).toBe(true)
})
