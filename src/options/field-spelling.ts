import { type Field, fieldModifiers } from './field.ts'

/** The one writing of a field: its argument, the modifiers in a fixed order, its default. */
export function spellField(field: Omit<Field, 'spelling'>): string {
  const modifiers = fieldModifiers.filter((modifier) => field[modifier])
  const value = field.default === undefined ? '' : `=${field.default}`
  return [field.name, field.type, ...argument(field), ...modifiers].join(':') + value
}

function argument({ type, length, precision, scale, values }: Omit<Field, 'spelling'>): string[] {
  if (type === 'string') return [String(length)]
  if (type === 'decimal') return [`${precision},${scale}`]
  return values === undefined ? [] : [values.join(',')]
}
