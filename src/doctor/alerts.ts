import { posix } from 'node:path'
import type { Finding } from './finding.ts'
import type { MonitoringFiles } from './monitoring-files.ts'

/** Fires whatever happens, so nothing can keep it quiet. */
const alwaysFires = 'Watchdog'

/**
 * Every alert has a test in which it fires, one in which it doesn't, and a section of a runbook.
 * @param read gives the text of a file of the project, if it is there
 */
export function checkAlerts(
  { alerts, fired, quiet }: MonitoringFiles,
  read: (path: string) => string | undefined,
): readonly Finding[] {
  return alerts.flatMap(({ name, where, runbook }) => {
    const fault = (message: string, hint: string): Finding => {
      return { check: 'alerts', level: 'fault', where: `${where}: ${name}`, message, hint }
    }
    const test = `Add one to deployment/prometheus/tests/${posix.basename(where, '.yml')}.test.yml.`
    return [
      ...(fired.has(name) ? [] : [fault('no test sees it fire', test)]),
      ...(quiet.has(name) || name === alwaysFires
        ? []
        : [fault('no test sees it stay quiet', test)]),
      ...runbookFaults(runbook, read, fault),
    ]
  })
}

function runbookFaults(
  url: string | undefined,
  read: (path: string) => string | undefined,
  fault: (message: string, hint: string) => Finding,
): readonly Finding[] {
  const hint = 'Write what it means, what to check and what to do.'
  if (url === undefined) return [fault('it has no runbook_url', hint)]
  const [address = '', anchor] = url.split('#')
  const path = `docs/runbooks/${posix.basename(address)}`
  const page = read(path)
  if (page === undefined) return [fault(`its runbook ${path} is missing`, hint)]
  if (anchor === undefined) return []
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => anchorOf(title))
  return headings.includes(anchor) ? [] : [fault(`${path} has no section #${anchor}`, hint)]
}

/** As GitHub and GitLab make anchors of headings. */
function anchorOf(title: string): string {
  return title
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}
