import { nearest } from './nearest.ts'

/** Common words of other tools for what has another name here. */
const synonyms: Readonly<Record<string, string>> = {
  bool: 'boolean',
  char: 'string',
  datetime: 'timestamp',
  double: 'float',
  fk: 'references',
  integer: 'int',
  jsonb: 'json',
  long: 'bigint',
  money: 'decimal',
  nullable: 'optional',
  number: 'int',
  numeric: 'decimal',
  object: 'json',
  real: 'float',
  relation: 'references',
  timestamptz: 'timestamp',
  time: 'timestamp',
  varchar: 'string',
}

/** The word of the grammar that was probably meant: one that is near, or means the same elsewhere. */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  const given = word.toLowerCase()
  const synonym = Object.hasOwn(synonyms, given) ? synonyms[given] : undefined
  return synonym !== undefined && candidates.includes(synonym) ? synonym : nearest(word, candidates)
}
