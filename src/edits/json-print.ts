import type { Json } from '../model/op.ts'

export interface JsonStyle {
  readonly eol: string
  /** The indentation of the line that the value starts on. */
  readonly indent: string
  readonly unit: string
  /** Whether short arrays are spread over lines too, as npm does it. */
  readonly wide: boolean
  /** The room that the key and a comma take on the value's first line. */
  readonly taken: number
}

const WIDTH = 100

/** A value as Biome and npm print it: objects on several lines, short plain arrays on one. */
export function printJson(value: Json, style: JsonStyle): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const { eol, indent, unit } = style
  const inner = { ...style, indent: indent + unit }
  const lines = Array.isArray(value)
    ? value.map((item) => printJson(item, { ...inner, taken: 1 }))
    : Object.entries(value).map(([key, item]) => {
        const head = `${JSON.stringify(key)}: `
        return head + printJson(item, { ...inner, taken: head.length + 1 })
      })
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  if (lines.length === 0) return `${open}${close}`
  const flat = `${open}${lines.join(', ')}${close}`
  const isPlain =
    Array.isArray(value) && value.every((item) => item === null || typeof item !== 'object')
  if (isPlain && !style.wide && indent.length + style.taken + flat.length <= WIDTH) return flat
  return `${open}${eol}${lines.map((line) => inner.indent + line).join(`,${eol}`)}${eol}${indent}${close}`
}
