const words =
  'arguments await break case catch class const continue debugger default delete do else enum eval ' +
  'export extends false finally for function if implements import in instanceof interface let new ' +
  'null package private protected public return static super switch this throw true try typeof ' +
  'undefined var void while with yield'

const globals =
  'AggregateError Array ArrayBuffer Atomics BigInt Boolean Buffer DataView Date Error EvalError ' +
  'FinalizationRegistry Function Infinity Intl Iterator JSON Map Math NaN Number Object Promise Proxy ' +
  'RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String Symbol SyntaxError TypeError ' +
  'URIError URL WeakMap WeakRef WeakSet globalThis process console require module exports'

/** What the produced files of a resource import or declare under a name of their own. */
const produced =
  'Type Static Problem ValidationProblem Database FastifyInstance Page Cursor app db sql eq and check ' +
  'index bigint boolean date doublePrecision integer jsonb numeric pgTable text timestamp uuid ' +
  'SchemaMigration varchar listed keyset nullable strict fields path found describe expect it client'

const keywords = new Set(words.split(' '))
const taken = new Map([
  ...globals.split(' ').map((name) => [name, 'would hide the built-in of that name'] as const),
  // A module with such an export is one, which `await import()` would call.
  ['then', 'is what JavaScript takes for a promise'] as const,
  ...produced.split(' ').map((name) => [name, 'is a name of the produced files'] as const),
])
const inherited = new Set(
  Object.getOwnPropertyNames(Object.prototype).map((key) => key.toLowerCase()),
)

/** Why an identifier cannot name a thing of its own in produced code, or `undefined` if it can. */
export function reservedBecause(name: string): string | undefined {
  if (isInherited(name)) return 'is a property of every JavaScript object'
  // `Class` is no keyword, but its own messages, tests and variables would read like one.
  if (keywords.has(name.toLowerCase())) return 'is a reserved word of JavaScript'
  return taken.get(name)
}

/** True for `constructor`, `to_string` and the like, which every object has already. */
export function isInherited(word: string): boolean {
  const letters = word.replace(/[_-]/g, '').toLowerCase()
  return [...inherited].some((key) => key.replaceAll('_', '') === letters)
}
