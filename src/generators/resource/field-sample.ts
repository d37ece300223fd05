import type { Field } from '../../options/field.ts'
import { type Code, call, chain, list } from './layout.ts'
import { quoted } from './literal.ts'

/** A value for the body of a test; `made` counts the bodies, so that those of a unique field differ. */
export function sampleCode(field: Field): Code {
  const scalar = scalarSample(field)
  return field.array ? list([scalar]) : scalar
}

function scalarSample(field: Field): Code {
  switch (field.type) {
    case 'string':
      return stringSample(field.name, field.length ?? 0)
    case 'text':
      return `\`text-\${made}\``
    case 'int':
      return 'made'
    case 'bigint':
      return 'String(made)'
    case 'float':
      return 'made + 0.5'
    case 'decimal':
      return decimalSample(field.precision ?? 1, field.scale ?? 0)
    case 'boolean':
      return 'made % 2 === 0'
    case 'date':
      return chain(call('new Date', 'made * 86_400_000'), [
        call('toISOString'),
        call('slice', '0', '10'),
      ])
    case 'timestamp':
      return chain(call('new Date', 'made * 1000'), [call('toISOString')])
    case 'uuid':
      return call('randomUUID')
    case 'json':
      return '{ made }'
    case 'enum':
      return enumSample(field)
  }
}

function stringSample(name: string, length: number): Code {
  if (name.length + 7 <= Math.min(length, 40)) return `\`${name}-\${made}\``
  return length > 6 ? 'String(made)' : `String(made % ${10 ** length})`
}

/** With all digits behind the point, as PostgreSQL answers it. */
function decimalSample(precision: number, scale: number): Code {
  const whole = precision - scale
  if (scale === 0) return `String(made % ${10 ** Math.min(whole, 6)})`
  const zeros = scale > 20 ? `\${'0'.repeat(${scale - 1})}` : '0'.repeat(scale - 1)
  if (whole === 0) return `\`0.\${made % 10}${zeros}\``
  return `\`\${made % ${10 ** Math.min(whole, 6)}}.5${zeros}\``
}

function enumSample({ values = [], unique }: Field): Code {
  const [first = '', second = first] = values
  if (!unique) return quoted(first)
  return { kind: 'choice', test: 'made % 2 === 0', yes: quoted(first), no: quoted(second) }
}
