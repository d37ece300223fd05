import { Command } from 'commander'
import type { Checked, Finding } from '../doctor/finding.ts'
import { exitCodes, usageError } from '../errors.ts'
import type { Io } from '../model/io.ts'
import { withOutputFlags } from './global-flags.ts'
import type { Run } from './run.ts'
import type { Session } from './session.ts'

interface DoctorFlags {
  readonly deploy?: true
  readonly url?: string
}

export function doctorCommand(run: Run): Command {
  const command = new Command('doctor')
    .description('check that metrics, alerts, dashboards and settings agree with the code')
    .option('--deploy', 'also check what production needs, with the variables that are set here')
    .option('--url <url>', 'also check a running service: health, headers, what is open')
  return withOutputFlags(command).action(
    run(async (io: Io, flags: DoctorFlags) => {
      const url = flags.url === undefined ? {} : { url: originOf(flags.url) }
      const [{ enterService }, { examine }, { installed }] = await Promise.all([
        import('./workplace.ts'),
        import('../doctor/doctor.ts'),
        import('../dev/installed.ts'),
      ])
      const { session, project } = await enterService(command, io)
      session.view.progress('starting the service to see what it measures')
      const options = { deploy: flags.deploy === true, ...url, installed }
      const checked = await examine(project.root, options)
      const faults = checked.flatMap(({ findings }) => findings).filter(isFault)
      if (session.json) io.out(`${JSON.stringify(documentOf(checked), null, 2)}\n`)
      else await print(session, checked)
      return faults.length > 0 ? exitCodes.failed : exitCodes.done
    }),
  )
}

const isFault = ({ level }: Finding) => level === 'fault'

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.origin
  throw usageError(`--url: ${text} is not a URL.`, 'Name one such as https://api.example.com.')
}

function documentOf(checked: readonly Checked[]) {
  const findings = checked.flatMap((one) => one.findings)
  return {
    command: 'doctor',
    ok: !findings.some(isFault),
    checks: checked.map(({ check, findings: own, skipped }) => ({
      check,
      ok: !own.some(isFault),
      ...(skipped === undefined ? {} : { skipped }),
    })),
    findings,
  }
}

async function print(session: Session, checked: readonly Checked[]): Promise<void> {
  const { checks } = await import('../doctor/finding.ts')
  const { io, quiet } = session
  const colors = session.colors.out
  for (const { check, findings, skipped } of checked) {
    const mark = findings.some(isFault)
      ? colors.red('✗')
      : findings.length > 0
        ? colors.yellow('!')
        : skipped === undefined
          ? colors.green('✓')
          : colors.dim('-')
    if (quiet && findings.length === 0) continue
    io.out(`${mark} ${checks[check]}${skipped === undefined ? '' : colors.dim(` (${skipped})`)}\n`)
    for (const { where, message, hint, level } of findings) {
      const word = level === 'fault' ? '' : colors.yellow('warning: ')
      io.out(`    ${where}: ${word}${message}\n`)
      if (hint !== undefined) io.out(colors.dim(`      ${hint}\n`))
    }
  }
}
