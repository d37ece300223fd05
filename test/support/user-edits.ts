import type { Writing } from './edit-files.ts'

/** What the user does to the file. */
export interface UserEdit {
  /** Whether it leaves alone what is ours. */
  readonly isApart: boolean
  /** Whether it brings an entry of the user's, among which ours has its place. */
  readonly isEntry?: boolean
  readonly make: (text: string) => string
}

function replace(pattern: RegExp, by: (match: string, w: Writing) => string, isEntry = false) {
  return (w: Writing): UserEdit => ({
    isApart: true,
    isEntry,
    make: (text) => text.replace(pattern, (match) => by(match, w)),
  })
}

function touch(change: (text: string) => string) {
  return (): UserEdit => ({ isApart: false, make: change })
}

const eolOf = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n')

/** What users do in code, around what is ours. */
export const apart = [
  replace(/\bOwn1\b/, (match) => `${match}, Mine`, true),
  replace(/\bOwn2\b/, (match) => `${match} /* mine */`),
  replace(/\bOwn3\b/, (match) => `/* mine */ ${match}`),
  replace(/\bown2\b/, (match) => `mine, ${match}`, true),
  replace(/\bregister\(own\)/, () => 'register(own, { x: 1 })'),
  replace(/\bfoo\(1\)/, () => 'foo(1, [2])'),
  replace(/^.*\bfoo\(1\).*$/m, (line, { indent }) => `${indent}// mine\n${line}`),
  replace(/^.*['"]own['"].*$/m, (line) => `${line} // mine`),
]

/** What users do to the lines that are ours. */
export const touching = [
  touch((text) => text.replace(/^.*\b(?:Xa|Yb|Zc)\b.*$/m, (line) => `${line} // mine`)),
  touch((text) => text.replace(/\b(?:Xa|Yb|Zc)\b/, (match) => `/* mine */ ${match}`)),
  touch((text) => text.replaceAll(/\bXa\b/g, 'Renamed')),
  touch((text) => text.replace(/import Yb from/, 'import { default as Other } from')),
  touch((text) => text.replace(/register\(Xa\)/, "register(Xa, { prefix: '/x' })")),
  touch((text) => text.replace(/\bYb\b(?=[,\]\s]*\])/, '[Yb, { x: 2 }]')),
  touch((text) => text.replaceAll("'", '"')),
  touch((text) => text.replace(/^[ \t]+/gm, (blank) => blank + blank)),
  touch((text) =>
    text.replace(/\[([^[\]\n/*]*)\]/g, (_, inner) => `[${eolOf(text)}${inner}${eolOf(text)}]`),
  ),
  touch((text) => text.replace(/,(?=\s*[\]}])/g, '')),
  touch((text) => text.replace(/^(.*\b(?:Xa|Yb|Zc)\b.*)(\r?\n)(.*)$/m, '$3$2$1')),
  touch((text) => text.replace(/^.*register\((?:Xa|Yb)\).*\r?\n/m, '')),
  touch((text) => text.replace(/\bplugins\b/, 'list')),
  touch((text) => text.replace(/\b(?:Xa|Yb|Zc)\b(?=\s*[\],])/, (match) => `${match}, Mine`)),
  touch((text) =>
    text.replace(/^.*register\((?:Xa|Yb|Zc)\).*$/m, (line) => `${line}${eolOf(text)}bar()`),
  ),
]
