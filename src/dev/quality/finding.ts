/** What a tool found fault with. */
export interface Finding {
  /** As the tool writes it; relative to the project, once it is in a result. */
  readonly file: string
  /** Nothing where the tool names only the file. */
  readonly line?: number
  readonly column?: number
  readonly message: string
  readonly rule?: string
}

/** Finds the faults in what a tool printed, without colours. */
export type Reader = (output: string) => readonly Finding[]

interface Graded extends Finding {
  readonly isWarning: boolean
}

/** The errors; the warnings only where nothing else can be what the tool failed for. */
export function worst(found: readonly Graded[]): readonly Finding[] {
  const errors = found.filter(({ isWarning }) => !isWarning)
  return (errors.length > 0 ? errors : found).map(({ isWarning: _, ...finding }) => finding)
}

/** A line as a tool writes it, if it does. */
export function lineOf(digits: string | undefined): Pick<Finding, 'line'> {
  return digits === undefined ? {} : { line: Number(digits) }
}

/** The first line of a text that isn't blank. */
export function firstWords(lines: readonly string[]): string {
  return lines.find((line) => line.trim() !== '')?.trim() ?? ''
}

/** The parts of a list, each beginning where `isStart` is true; anything before the first is dropped. */
export function sectionsOf(
  lines: readonly string[],
  isStart: (line: string) => boolean,
): readonly (readonly [string, ...string[]])[] {
  const parts: [string, ...string[]][] = []
  for (const line of lines) {
    if (isStart(line)) parts.push([line])
    else parts.at(-1)?.push(line)
  }
  return parts
}

const inCall = /^ +at [^(]* \((.+):(\d+):(\d+)\)$/
const bare = /^ +at (?:async )?(.+):(\d+):(\d+)$/

/** The first place of a stack that is the project's own. */
export function placeInStack(
  lines: readonly string[],
): Required<Pick<Finding, 'file' | 'line' | 'column'>> | undefined {
  for (const text of lines) {
    const [, file, line, column] = inCall.exec(text) ?? bare.exec(text) ?? []
    if (file !== undefined && !/^node:|node_modules/.test(file)) {
      return { file, line: Number(line), column: Number(column) }
    }
  }
  return undefined
}
