import type { Io } from '../model/io.ts'
import type { View } from '../model/view.ts'

/** Shows a run as the one JSON document that `cli.md` describes. */
export function jsonView(io: Io): View {
  return {
    preview: async () => {},
    progress: (line) => io.err(`${line}\n`),
    report: async ({ plan, rendered, outcome, followUps }) => {
      const { unifiedDiff } = await import('../changes/diff.ts')
      const { changes, refusals, warnings } = rendered
      const document = {
        command: plan.command,
        outcome,
        changes:
          outcome === 'refused'
            ? []
            : changes.map((change) => ({
                path: change.path,
                kind: change.kind,
                diff: unifiedDiff(change),
              })),
        refusals,
        warnings: [...plan.notices, ...warnings],
        followUps,
        next: outcome === 'applied' || outcome === 'failed' ? plan.next : [],
      }
      io.out(`${JSON.stringify(document, null, 2)}\n`)
    },
  }
}
