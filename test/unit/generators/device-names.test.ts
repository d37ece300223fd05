import { describe, expect, it } from 'vitest'
import { middleware } from '../../../src/generators/middleware.ts'
import { resource } from '../../../src/generators/resource.ts'
import { router } from '../../../src/generators/router.ts'
import { inForeign, inService } from './surroundings.ts'

const rest = { fields: [], parts: [], isPublic: false }
const generators = {
  resource: (name: string, plural?: string) =>
    resource.plan({ name, ...rest, plural }, inService()),
  router: (name: string) => router.plan({ name }, inService()),
  middleware: (name: string) => middleware.plan({ name }, inService()),
  'router elsewhere': (name: string) => router.plan({ name }, inForeign({}, 'site')),
}

describe.each(Object.entries(generators))('generate %s', (_, plan) => {
  it.each(['Aux', 'con', 'NUL', 'Prn', 'Com1', 'com9', 'Lpt1'])(
    'refuses %s, which is a device on Windows',
    (name) => {
      const refusal = expect.objectContaining({
        exitCode: 2,
        message: expect.stringContaining(`"${name.toLowerCase()}" is a device on Windows`),
        hint: expect.stringContaining(`${name.toLowerCase()}-`),
      })
      expect(() => plan(name)).toThrow(refusal)
    },
  )

  it.each(['Auxiliary', 'Contact', 'Com', 'com10', 'AuxItem'])('takes %s', (name) => {
    expect(() => plan(name)).not.toThrow()
  })
})

it('looks at the plural of a resource too', () => {
  expect(() => generators.resource('Helper', 'aux')).toThrow('is a device on Windows')
})

it('still adds to a resource that was generated under such a name', () => {
  const head = {
    kind: 'resource',
    name: 'aux',
    args: { ...rest, plural: 'auxes', public: false, stamp: '20260102030405' },
  } as const
  expect(() => resource.plan({ name: 'Aux', ...rest }, inService({ units: [head] }))).not.toThrow()
})
