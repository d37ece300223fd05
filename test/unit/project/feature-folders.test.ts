import { describe, expect, it } from 'vitest'
import { besideFeature, featureNames } from '../../../src/project/feature-folders.ts'

describe('a new table', () => {
  it.each([
    [
      'src/modules/users/*.schema.ts',
      'src/modules/users/users.schema.ts',
      'src/modules/*/*.schema.ts',
    ],
    ['src/modules/*/*.table.js', 'src/modules/user/user.table.js', 'src/modules/*/*.table.js'],
    ['src/features/orders/*.ts', 'src/features/orders/schema.ts', 'src/features/*/schema.ts'],
  ])('for %s goes beside the feature of %s', (models, table, expected) => {
    expect(besideFeature(models, [table])?.models).toBe(expected)
  })

  it.each([
    ['src/db/*.ts', 'src/db/schema.ts'],
    ['src/schema/*.table.ts', 'src/schema/users.table.ts'],
    ['src/users/*.ts', 'src/other/other.ts'],
    ['src/shop/*.table.ts', 'src/shop/orders.table.ts'],
  ])('for %s goes beside %s itself', (models, table) => {
    expect(besideFeature(models, [table])).toBeUndefined()
  })
})

describe('the files of a new feature', () => {
  it('are called like those of its siblings', () => {
    const names = ['user.controller.ts', 'user.repo.ts', 'user.table.ts', 'user.validation.ts']
    expect(featureNames('src/user', names, 'user.table.ts')).toEqual({
      isPlural: false,
      routes: 'controller',
      repository: 'repo',
      schema: 'validation',
    })
  })

  it('never get the name of the table', () => {
    const found = featureNames('src/users', ['users.schema.ts'], 'users.schema.ts')
    expect(found).toEqual({
      isPlural: true,
      routes: 'routes',
      repository: 'repository',
      schema: 'dto',
    })
  })
})
