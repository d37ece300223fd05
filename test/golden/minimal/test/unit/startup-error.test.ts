import { expect, test } from 'vitest'
import { explainStartup, StartupError } from '../../src/startup-error.ts'

function listenError(code: string) {
  return Object.assign(new Error('listen'), { code, address: '192.0.2.1', port: 80 })
}

test.each([
  ['EADDRINUSE', 'Port 80 of 192.0.2.1 is in use. Stop what listens there, or set PORT.'],
  ['EADDRNOTAVAIL', 'This machine has no address 192.0.2.1. Set HOST.'],
  ['EACCES', 'Port 80 needs more rights. Set PORT to one above 1023.'],
])('%s says what to change', (code, words) => {
  expect(explainStartup(listenError(code))).toBe(words)
})

test('an error that says it all needs no stack', () => {
  expect(explainStartup(new StartupError('Set TOKEN.'))).toBe('Set TOKEN.')
})

test('any other one comes with its stack', () => {
  expect(explainStartup(new TypeError('x'))).toMatch(/^TypeError: x\n +at /)
  expect(explainStartup('x')).toBe('x')
})
