import type { ChalkInstance } from 'chalk'
import type { Outcome } from '../../dev/quality/quality.ts'

/** A line of the table. */
export interface Row {
  readonly name: string
  readonly state: Outcome | 'waiting' | 'running'
  /** Undefined until it has started. */
  readonly seconds: number | undefined
  readonly note?: string | undefined
}

const frames = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏']

/** The default style of a line. */
const marks: Readonly<Record<Row['state'], string>> = {
  passed: '✓',
  failed: '✗',
  skipped: '-',
  cancelled: '-',
  waiting: ' ',
  running: '…',
}

interface Look {
  readonly colors: ChalkInstance
  /** Nothing where lines may be as long as they like. */
  readonly width: number | undefined
  /** Which of its frames what is running shows. */
  readonly frame?: number
}

/** One line, as wide as the terminal at most. */
export function rowLine({ name, state, seconds, note = '' }: Row, look: Look): string {
  const { colors, width, frame } = look
  const isTurning = state === 'running' && frame !== undefined
  const mark = isTurning ? (frames[frame % frames.length] ?? '') : marks[state]
  const time = seconds === undefined ? '' : `${seconds.toFixed(1)} s`
  const [begin, end] = [`${mark} ${name.padEnd(9)} `, ` ${time.padStart(8)}`]
  const room = width === undefined ? undefined : width - begin.length - 9 - end.length - 2
  const shown = note === '' ? '' : `  ${cut(note, room)}`
  const paint = painter(state, colors)
  return `${paint(mark)}${begin.slice(mark.length)}${paint(state.padEnd(9))}${end}${colors.dim(shown)}`.trimEnd()
}

function painter(state: Row['state'], colors: ChalkInstance): (text: string) => string {
  if (state === 'passed') return colors.green
  if (state === 'failed') return colors.red
  return state === 'running' ? colors.cyan : colors.dim
}

/** A text cut to a limit, if there is one. */
export function cut(text: string, width: number | undefined): string {
  const signs = [...text]
  if (width === undefined || signs.length <= width) return text
  return width < 1 ? '' : `${signs.slice(0, width - 1).join('')}…`
}

/** The end of a text that is too long. */
export function cutStart(text: string, width: number | undefined): string {
  const signs = [...text]
  if (width === undefined || signs.length <= width) return text
  return width < 1 ? '' : `…${signs.slice(signs.length - width + 1).join('')}`
}
