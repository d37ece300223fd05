import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { UserError } from '../../../src/errors.ts'
import { namesOf, singularName } from '../../../src/options/names.ts'
import { irregular, plural, uncountable } from '../../../src/options/plural.ts'
import { singular } from '../../../src/options/singular.ts'

describe('spellings', () => {
  test.each([
    ['Product', 'Product', 'product', 'products', 'products'],
    ['UserProfile', 'UserProfile', 'user-profile', 'userProfiles', 'user_profiles'],
    ['userProfile', 'UserProfile', 'user-profile', 'userProfiles', 'user_profiles'],
    ['order_item', 'OrderItem', 'order-item', 'orderItems', 'order_items'],
    ['order-item', 'OrderItem', 'order-item', 'orderItems', 'order_items'],
    ['APIKey', 'ApiKey', 'api-key', 'apiKeys', 'api_keys'],
    ['order_2', 'Order2', 'order2', 'order2s', 'order2s'],
    ['a_b_c', 'Abc', 'abc', 'abcs', 'abcs'],
    ['x', 'X', 'x', 'xes', 'xes'],
    ['CompanyPerson', 'CompanyPerson', 'company-person', 'companyPeople', 'company_people'],
  ])('%s', (name, pascal, kebab, camelPlural, snakePlural) => {
    expect(namesOf(name)).toMatchObject({ pascal, kebab, camelPlural, snakePlural })
  })

  it('has words for people', () => {
    expect(namesOf('user_profile')).toMatchObject({
      title: 'User profile',
      phrase: 'user profile',
      titlePlural: 'User profiles',
      phrasePlural: 'user profiles',
    })
  })

  it('takes the plural that it is told', () => {
    expect(namesOf('Stadium', 'stadia')).toMatchObject({ kebab: 'stadium', kebabPlural: 'stadia' })
    expect(() => namesOf('Stadium', 'sta dia')).toThrow("can't be a plural")
  })
})

describe('plurals', () => {
  test.each(
    (
      'person people, status statuses, day days, category categories, child children, box boxes, ' +
      'quiz quizzes, analysis analyses, crisis crises, bus buses, matrix matrices, house houses, ' +
      'base bases, wish wishes, church churches, stomach stomachs, key keys, hero heroes, photo photos, ' +
      'leaf leaves, roof roofs, woman women, salesman salesmen, human humans, salesperson salespeople, ' +
      'grandchild grandchildren, axis axes, news news, equipment equipment, series series, data data, ' +
      'people people, address addresses, alias aliases, campus campuses, wolf wolves, soliloquy soliloquies'
    )
      .split(', ')
      .map((pair) => pair.split(' ') as [string, string]),
  )('%s: %s', (one, many) => {
    expect(plural(one)).toBe(many)
  })
})

describe('singulars', () => {
  test.each(
    (
      'products product, users user, addresses address, statuses status, buses bus, analyses analysis, ' +
      'classes class, lenses lens, campuses campus, categories category, movies movie, people person, ' +
      'children child, indices index, indexes index, heroes hero, heros hero, houses house, causes cause, ' +
      'databases database, responses response, expenses expense, boxes box, caches cache, batches batch, ' +
      'aliases alias, viruses virus, menus menu, skus sku, apis api, taxis taxi, taxes tax, olives olive, ' +
      'archives archive, lives life, craftsmen craftsman, humans human, todos todo, shoes shoe, ids id, ' +
      'bookshelves bookshelf, crises crisis, quizzes quiz, sizes size, schemas schema, statistics statistic'
    )
      .split(', ')
      .map((pair) => pair.split(' ') as [string, string]),
  )('%s: %s', (many, one) => {
    expect(singular(many)).toBe(one)
  })

  test.each(
    (
      'status address bus analysis class lens news series campus process gas bias alias canvas atlas ' +
      'chaos virus corpus basis axis iris species analytics physics specimen sms dns us x s product'
    ).split(' '),
  )('%s is no plural', (word) => {
    expect(singular(word)).toBe(word)
  })

  it.each([...uncountable])('leaves the uncountable %s alone', (word) => {
    expect([singular(word), plural(word)]).toEqual([word, word])
  })

  // The plural of these is a word that has no singular, as far as names go.
  const withoutSingular = ['datum', 'medium']

  it.each(Object.keys(irregular).filter((word) => !withoutSingular.includes(word)))(
    'is the inverse of the plural for the irregular %s',
    (word) => {
      expect(singular(plural(word))).toBe(word)
      expect(singular(word)).toBe(word)
    },
  )

  it('is the inverse of the plural for made-up regular words', () => {
    const consonant = 'bcdfghjklmnprtvw'
    const syllable = fc.stringMatching(new RegExp(`^[${consonant}][aeou]$`))
    const ending = fc.constantFrom(
      ...(
        'b d g k l m n p r t bet cket ction ment ing er or le ly ry ty ss ex ox tch sh age ice ore ' +
        'use ate ite ee ay oy ea ia'
      ).split(' '),
    )
    const words = fc
      .tuple(fc.array(syllable, { minLength: 2, maxLength: 3 }), ending)
      .map(([start, end]) => start.join('') + end)
      // Said of men, people and leaves only, or ambiguous: `fuse` and `virus`.
      .filter((word) => !/(man|men|person|child|lea|[^aeo]use)$/.test(word))
    fc.assert(
      fc.property(words, (word) => {
        expect(singular(plural(word))).toBe(word)
        expect(singular(word)).toBe(word)
      }),
      { numRuns: 2000 },
    )
  })

  it('looks at the last word of a name', () => {
    expect(singularName('order_items')).toBe('OrderItem')
    expect(singularName('SalesOrders')).toBe('SalesOrder')
    expect(singularName('SalesOrder')).toBeUndefined()
  })
})

describe('refusals', () => {
  test.each([
    ['', 'it is empty'],
    ['../x', 'path separator'],
    ['a\\b', 'path separator'],
    ['Größe/1', 'path separator'],
    ['Größe', '"ö" is neither'],
    ['Prod uct', '" " is neither'],
    ['Рroduct', 'is neither'],
    ['1st', "doesn't begin with a letter"],
    ['_x', "doesn't begin with a letter"],
    ['a__b', 'separator'],
    ['a-', 'separator'],
    ['a'.repeat(41), 'more than 40 characters'],
    // In kebab-case, as its file is called.
    [`${'UserProfile'.repeat(3)}Items`, 'more than 40 characters'],
    ['class', 'reserved word'],
    ['Delete', 'reserved word'],
    ['constructor', 'every JavaScript object'],
    ['__proto__', 'every JavaScript object'],
    ['to_string', 'every JavaScript object'],
    ['HasOwnProperty', 'every JavaScript object'],
    ['Object', 'hide the built-in'],
    ['date', 'hide the built-in'],
    ['Promise', 'hide the built-in'],
    ['string', 'hide the built-in'],
    ['Type', 'name of the produced files'],
    ['Problem', 'name of the produced files'],
  ])('%j', (name, reason) => {
    expect(() => namesOf(name)).toThrow(reason)
    expect(() => namesOf(name)).toThrow(UserError)
  })

  it('looks at the plural too', () => {
    expect(() => namesOf('Paragraph', 'text')).toThrow('name of the produced files')
    expect(() => namesOf('Paragraph', 'for')).toThrow('reserved word')
  })

  it('is a usage error', () => {
    expect(() => namesOf('')).toThrow(expect.objectContaining({ exitCode: 2 }))
  })
})

describe('for every name', () => {
  const names = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,12}([_-][A-Za-z0-9]{1,8}){0,3}$/)

  it('all spellings lead to the same names', () => {
    fc.assert(
      fc.property(names, (name) => {
        const made = attempt(name)
        fc.pre(made !== undefined)
        for (const again of [made.pascal, made.camel, made.kebab, made.snake]) {
          expect(namesOf(again)).toEqual(made)
        }
      }),
    )
  })

  it('the forms are what they say', () => {
    fc.assert(
      fc.property(names, (name) => {
        const made = attempt(name)
        fc.pre(made !== undefined)
        expect(made.pascal).toMatch(/^[A-Z][A-Za-z0-9]*$/)
        expect(made.camelPlural).toMatch(/^[a-z][A-Za-z0-9]*$/)
        expect(made.kebabPlural).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
        expect(made.snakePlural).toBe(made.kebabPlural.replaceAll('-', '_'))
      }),
    )
  })

  function attempt(name: string) {
    try {
      return namesOf(name)
    } catch {
      return undefined
    }
  }
})
