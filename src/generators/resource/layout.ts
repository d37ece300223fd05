/** An expression of produced code, to be broken over lines as Biome does it. */
export type Code =
  | string
  | { readonly kind: 'call'; readonly callee: string; readonly args: readonly Code[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, Code])[] }
  | { readonly kind: 'list'; readonly items: readonly Code[] }
  | { readonly kind: 'chain'; readonly head: Call; readonly calls: readonly Call[] }
  | { readonly kind: 'choice'; readonly test: string; readonly yes: string; readonly no: string }

export type Call = Extract<Code, { kind: 'call' }>

/** The columns of a line, as in the formatter's settings of the produced service. */
const width = 100

export function call(callee: string, ...args: readonly Code[]): Call {
  return { kind: 'call', callee, args }
}

/** An entry with an empty value is its key alone: a shorthand property or a spread. */
export function object(entries: Readonly<Record<string, Code>>): Code {
  return { kind: 'object', entries: Object.entries(entries) }
}

export function list(items: readonly Code[]): Code {
  return { kind: 'list', items }
}

/** `head.first().second()`; without further calls just the head. */
export function chain(head: Call, calls: readonly Call[]): Code {
  return calls.length === 0 ? head : { kind: 'chain', head, calls }
}

/**
 * An expression behind `before` (the rest of its line) and in front of `after`, at `indent`.
 * The result is in one line if that has room, else it is broken where Biome would.
 */
export function layOut(before: string, code: Code, after: string, indent: number): string {
  const place = { indent, column: indent + before.length, tail: after.length }
  const value = print(code, place)
  return (value.startsWith('\n') ? before.trimEnd() : before) + value + after
}

/** The names of an import or a list between braces, in one line or one a line. */
export function layOutNames(before: string, names: readonly string[], after: string): string {
  const line = `${before}{ ${names.join(', ')} }${after}`
  // A single name is never broken off.
  if (line.length <= width || names.length === 1) return line
  return `${before}{\n${names.map((name) => `  ${name},\n`).join('')}}${after}`
}

/** `Name<argument>` behind `before`, in one line or three. */
export function layOutType(before: string, argument: string): string {
  const line = `${before}<${argument}>`
  return line.length <= width ? line : `${before}<\n  ${argument}\n>`
}

/** `export type Name = value`, the value on a line of its own where one has no room for both. */
export function layOutAlias(name: string, value: string): string {
  const start = `export type ${name} =`
  return `${start} ${value}`.length <= width ? `${start} ${value}` : `${start}\n  ${value}`
}

interface Place {
  readonly indent: number
  readonly column: number
  /** Characters that follow on the last line. */
  readonly tail: number
}

function flat(code: Code): string {
  if (typeof code === 'string') return code
  switch (code.kind) {
    case 'call':
      return `${code.callee}(${code.args.map(flat).join(', ')})`
    case 'object':
      return `{ ${code.entries.map(([key, value]) => keyOf(key, value) + flat(value)).join(', ')} }`
    case 'list':
      return `[${code.items.map(flat).join(', ')}]`
    case 'chain':
      return [code.head, ...code.calls].map(flat).join('.')
    case 'choice':
      return `${code.test} ? ${code.yes} : ${code.no}`
  }
}

function keyOf(key: string, value: Code): string {
  return value === '' ? key : `${key}: `
}

function print(code: Code, place: Place): string {
  const line = flat(code)
  if (place.column + line.length + place.tail <= width && !isAlwaysBroken(code)) return line
  if (typeof code === 'string') return code
  switch (code.kind) {
    case 'call':
      return printCall(code, place)
    case 'object':
      return block('{', '}', place.indent, (indent) =>
        code.entries.map(([key, value]) => layOut(keyOf(key, value), value, ',', indent)),
      )
    case 'list':
      return block('[', ']', place.indent, (indent) =>
        code.items.map((item) => layOut('', item, ',', indent)),
      )
    case 'chain':
      return printChain(code.head, code.calls, place)
    case 'choice':
      return printChoice(code, line, place)
  }
}

function printCall({ callee, args }: Call, place: Place): string {
  const [only] = args
  if (only === undefined) return `${callee}()`
  const last = args.at(-1) ?? only
  const isHugged =
    typeof last !== 'string' &&
    (last.kind === 'object' || (last.kind === 'list' && args.length === 1))
  const start = [`${callee}(`, ...args.slice(0, -1).map((argument) => `${flat(argument)}, `)].join(
    '',
  )
  const column = place.column + start.length
  if (!isHugged || column >= width) {
    return block(`${callee}(`, ')', place.indent, (indent) =>
      args.map((argument) => layOut('', argument, ',', indent)),
    )
  }
  return `${start}${print(last, { ...place, column, tail: place.tail + 1 })})`
}

/** One further call stays on the line of the head, of several each gets its own. */
function printChain(head: Call, calls: readonly Call[], place: Place): string {
  const [only] = calls
  if (only !== undefined && calls.length === 1) {
    const start = `${flat(head)}.${only.callee}(`
    const column = place.column + flat(head).length + 1
    if (only.args.length > 0 && place.column + start.length <= width) {
      return `${flat(head)}.${printCall(only, { ...place, column })}`
    }
    const tail = place.tail + flat(only).length + 1
    return `${printCall(head, { ...place, tail })}.${flat(only)}`
  }
  const indent = place.indent + 2
  const lines = calls.map((one, index) => {
    const tail = index === calls.length - 1 ? place.tail : 0
    return `\n${' '.repeat(indent)}.${print(one, { indent, column: indent + 1, tail })}`
  })
  return print(head, { ...place, tail: 0 }) + lines.join('')
}

/** On a line of its own, then each outcome on one. */
function printChoice(
  { test, yes, no }: Extract<Code, { kind: 'choice' }>,
  line: string,
  { indent, tail }: Place,
): string {
  const start = `\n${' '.repeat(indent + 2)}`
  if (indent + 2 + line.length + tail <= width) return start + line
  return `${start}${test}${start}  ? ${yes}${start}  : ${no}`
}

/** A list inside a chain of three calls counts as too much for one line. */
function isAlwaysBroken(code: Code): boolean {
  if (typeof code === 'string' || code.kind !== 'chain' || code.calls.length < 2) return false
  return code.head.args.some(
    (argument) =>
      typeof argument !== 'string' &&
      argument.kind === 'object' &&
      argument.entries.some(([, value]) => typeof value !== 'string'),
  )
}

function block(
  open: string,
  close: string,
  indent: number,
  inner: (indent: number) => readonly string[],
): string {
  const lines = inner(indent + 2).map((line) => `${' '.repeat(indent + 2)}${line}\n`)
  return `${open}\n${lines.join('')}${' '.repeat(indent)}${close}`
}
