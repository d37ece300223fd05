import type { Field } from '../../options/field.ts'
import { type Code, call, chain, list } from './layout.ts'
import { quoted } from './literal.ts'

/** A value for the body of a test; `serial` numbers the bodies, so that unique fields differ. */
export function sampleCode(field: Field): Code {
  const scalar = scalarSample(field)
  return field.array ? list([scalar]) : scalar
}

function scalarSample(field: Field): Code {
  switch (field.type) {
    case 'string':
      return stringSample(field.name, field.length ?? 0)
    case 'text':
      return `\`text-\${serial}\``
    case 'int':
      return 'serial'
    case 'bigint':
      return 'String(serial)'
    case 'float':
      return 'serial + 0.5'
    case 'decimal':
      return decimalSample(field.precision ?? 1, field.scale ?? 0)
    case 'boolean':
      return 'serial % 2 === 0'
    case 'date':
      return chain(call('new Date', 'serial * 86_400_000'), [
        call('toISOString'),
        call('slice', '0', '10'),
      ])
    case 'timestamp':
      return chain(call('new Date', 'serial * 1000'), [call('toISOString')])
    case 'uuid':
      return call('randomUUID')
    case 'json':
      return '{ serial }'
    case 'enum':
      return enumSample(field)
  }
}

function stringSample(name: string, length: number): Code {
  if (name.length + 7 <= Math.min(length, 40)) return `\`${name}-\${serial}\``
  return length > 6 ? 'String(serial)' : `String(serial % ${10 ** length})`
}

/** With all digits behind the point, as PostgreSQL answers it. */
function decimalSample(precision: number, scale: number): Code {
  const whole = precision - scale
  if (scale === 0) return `String(serial % ${10 ** Math.min(whole, 6)})`
  const zeros = scale > 20 ? `\${'0'.repeat(${scale - 1})}` : '0'.repeat(scale - 1)
  if (whole === 0) return `\`0.\${serial % 10}${zeros}\``
  return `\`\${serial % ${10 ** Math.min(whole, 6)}}.5${zeros}\``
}

function enumSample({ values = [], unique }: Field): Code {
  const [first = '', second = first] = values
  if (!unique) return quoted(first)
  return { kind: 'choice', test: 'serial % 2 === 0', yes: quoted(first), no: quoted(second) }
}
