import { expect, test } from 'vitest'
import { CircuitBreakers } from '../../../src/resilience/circuit-breakers.ts'
import { errorOf } from '../../support/calls.ts'

test('lists by name, gives and resets by name, tells changes of all', async () => {
  const changes: string[] = []
  const breakers = new CircuitBreakers({ failureThreshold: 1 }, ({ circuit, to }) => {
    changes.push(`${circuit} ${to}`)
  })
  const stock = breakers.create('stock')
  const payments = breakers.create('payments', { failureThreshold: 2 })
  await errorOf(stock.exec(() => Promise.reject(new Error('down'))))
  await errorOf(payments.exec(() => Promise.reject(new Error('down'))))
  expect(breakers.list()).toMatchObject([
    { name: 'payments', state: 'closed', failures: 1 },
    { name: 'stock', state: 'open' },
  ])
  breakers.get('stock')?.reset()
  expect(breakers.get('stock')).toBe(stock)
  expect(breakers.get('none')).toBeUndefined()
  expect(changes).toEqual(['stock open', 'stock closed'])
})

test.each(['', 'Payments', 'a b', 'a/b', '__proto__', 'x'.repeat(65)])('%j is no name', (name) => {
  expect(() => new CircuitBreakers({}, () => {}).create(name)).toThrow(/cannot name/)
})

test('a name is taken once', () => {
  const breakers = new CircuitBreakers({}, () => {})
  breakers.create('payments')
  expect(() => breakers.create('payments')).toThrow(/already/)
})
