import { outcomeOf, type Result } from '../../dev/quality/quality.ts'

/** The document that `--json` prints. */
export function qualityDocument(results: readonly Result[], seconds: number) {
  return {
    command: 'dev quality',
    outcome: outcomeOf(results),
    seconds,
    checks: results.map(
      ({ name, outcome, exitCode, seconds, command, message, note, findings }) => ({
        name,
        outcome,
        exitCode,
        seconds,
        command,
        ...(message === undefined ? {} : { message }),
        ...(note === undefined ? {} : { note }),
        findings,
      }),
    ),
  }
}
