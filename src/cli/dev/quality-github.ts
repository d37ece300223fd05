import { relative, resolve } from 'node:path'
import type { Finding } from '../../dev/quality/finding.ts'
import { outcomeOf, type Result } from '../../dev/quality/quality.ts'
import { share } from './quality-share.ts'

// GitHub shows no more of a step.
const mostAnnotations = 10
const mostListed = 50

/** The lines that GitHub shows beside the code; a failed check without a place has one too. */
export function annotations(
  results: readonly Result[],
  fileOf: (file: string) => string,
): readonly string[] {
  const lists = results
    .filter(({ outcome }) => outcome === 'failed')
    .map((result) => annotationsOf(result, fileOf))
  return share(lists, mostAnnotations).flat()
}

function annotationsOf(
  { name, message, exitCode, findings }: Result,
  fileOf: (file: string) => string,
): readonly string[] {
  if (findings.length === 0) {
    return [errorLine({ title: name }, message ?? `${name} ended with ${exitCode}.`)]
  }
  return findings.map(({ file, line, column, ...finding }) =>
    errorLine({ file: fileOf(file), line, col: column, title: name }, textOf(finding)),
  )
}

function textOf({ message, rule }: Pick<Finding, 'message' | 'rule'>): string {
  return rule === undefined ? message : `${message} (${rule})`
}

function errorLine(
  properties: Readonly<Record<string, string | number | undefined>>,
  message: string,
): string {
  const words = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined
      ? []
      : `${name}=${escaped(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  )
  return `::error ${words.join(',')}::${escaped(message)}`
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** A file of the project, relative to the repository that GitHub checked out. */
export function fileInWorkspace(
  root: string,
  workspace: string | undefined,
): (file: string) => string {
  return (file) => {
    const place = workspace ? relative(workspace, resolve(root, file)) : file
    return place.startsWith('..') ? file : place.replaceAll('\\', '/')
  }
}

/**
 * What a tool printed, so that GitHub takes none of it for a command, nor for an error that one of
 * its matchers knows: those look at the beginning of a line.
 */
export function quoted(output: string, token: string): string {
  return `::stop-commands::${token}\n${output.replace(/^(?=.)/gm, ' ')}::${token}::\n`
}

/** The page that GitHub shows for the step. */
export function stepSummary(results: readonly Result[], seconds: number): string {
  const rows = results.map((result) => [
    result.name,
    `${signs[result.outcome]} ${result.outcome}`,
    result.exitCode === null ? '' : `${result.seconds.toFixed(1)} s`,
    result.note ?? result.message ?? '',
  ])
  const total = ['total', outcomeOf(results), `${seconds.toFixed(1)} s`, '']
  const table = [...rows, total].map((cells) => `| ${cells.map(asMarkdown).join(' | ')} |`)
  const lists = results.filter(({ findings }) => findings.length > 0).flatMap(listOf)
  return `${['## dev quality', '', '| check | outcome | time | |', '| --- | --- | ---: | --- |', ...table, ...lists].join('\n')}\n`
}

const signs = { passed: '✅', failed: '❌', skipped: '➖', cancelled: '➖' }

function listOf({ name, findings }: Result): readonly string[] {
  const shown = findings
    .slice(0, mostListed)
    .map((finding) => `- \`${placeOf(finding)}\` ${asMarkdown(textOf(finding))}`)
  const more = findings.length - shown.length
  return ['', `### ${name}`, '', ...shown, ...(more > 0 ? [`- … and ${more} more`] : [])]
}

function placeOf({ file, line }: Finding): string {
  return line === undefined ? file : `${file}:${line}`
}

function asMarkdown(text: string): string {
  return text.replace(/[\\`*_<>[\]|]/g, '\\$&').replaceAll('\n', ' ')
}
