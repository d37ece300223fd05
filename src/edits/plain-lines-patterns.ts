// Words that are no names everywhere, or that mean something else at some places.
const WORDS =
  'abstract|any|arguments|as|assert|asserts|async|await|break|case|catch|class|const|continue|' +
  'debugger|declare|default|defer|delete|do|else|enum|eval|export|extends|false|finally|for|from|' +
  'function|get|global|if|implements|import|in|infer|instanceof|interface|is|keyof|let|module|' +
  'namespace|new|null|of|package|private|protected|public|readonly|require|return|satisfies|set|' +
  'source|static|super|switch|this|throw|true|try|type|typeof|undefined|unique|using|var|void|' +
  'while|with|yield'
const WORD = '[A-Za-z_$][\\w$]*'
const NAME = `(?!(?:${WORDS})(?![\\w$]))${WORD}`

const FROM = `from (['"])([^'"\\s\\\\]+)`
const SPECIFIER = `(?:type )?${NAME}(?: as ${NAME})?`
const PATH = `${NAME}(?:\\.${WORD})*`
const VALUE = `(?:'[^'\\\\]*'|"[^"\\\\]*"|0|[1-9]\\d*|true|false|${PATH})`
const ENTRY = `(?:${WORD}: ${VALUE}|${NAME})`
const ARGUMENT = `(?:${VALUE}|\\{ ${ENTRY}(?:, ${ENTRY})* \\})`

/** `import a from './a.ts'`: a word that is to be a name, the quote, the specifier, the end. */
export const IMPORT = new RegExp(`^import (${WORD}) ${FROM}\\2(;?)$`)

/** `import { a, type B as C } from './a.ts'`: the same, with what is in the braces. */
export const BRACED_IMPORT = new RegExp(
  `^import (?:type )?\\{ (${SPECIFIER}(?:, ${SPECIFIER})*) \\} ${FROM}\\2(;?)$`,
)

/** `export * from './a.ts'`: the same, with the star. */
export const EXPORT = new RegExp(`^export (\\*) ${FROM}\\2(;?)$`)

/** The first line of a function that is handed the instance: its name. */
export const OPENING = new RegExp(
  `^(?:export (?:default )?)?async function (${NAME})\\(app(?:: [A-Z]\\w*)?\\)` +
    '(?:: Promise<void>)? \\{$',
)

const PREFIX = `\\{ prefix: (?:'[\\w.~@:/-]*'|"[\\w.~@:/-]*") \\}`

/**
 * `await app.register(a)` or `await app.register(a, { prefix: '/a' })`: the indentation, a word
 * that should be a name, the end.
 */
export const REGISTRATION = new RegExp(
  `^([ \\t]+)await app\\.register\\((${WORD})(?:, ${PREFIX})?\\)(;?)$`,
)

/** The statement that registers `name`, on one line and in single quotes. */
export function isPlainRegistration(statement: string, name: string): boolean {
  const found = REGISTRATION.exec(` ${statement}`)
  return found?.[2] === name && found[3] === '' && !statement.includes('"')
}

/**
 * Another call on the instance: the indentation and the end. Not of `register`: other options would
 * have to be compared too.
 */
export const CALL = new RegExp(
  `^([ \\t]+)(?:await )?app(?:\\.(?!register\\b)${WORD})+` +
    `\\((?:${ARGUMENT}(?:, ${ARGUMENT})*)?\\)(;?)$`,
)

export const BLANK = /^[ \t]*$/

/** A comment to the end of its line. Three slashes may be a directive, with a syntax of its own. */
export const COMMENT = /^[ \t]*\/\/(?!\/)/

/** The first line of a comment that may go on. */
export const BLOCK_COMMENT = /^[ \t]*\/\*/

const reserved = new Set(WORDS.split('|'))

/** Whether a word is a name wherever one can stand. */
export function isPlainName(word: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(word) && !reserved.has(word)
}
