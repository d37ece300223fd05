import type { ApplyResult } from '../model/edit-result.ts'
import type { Op } from '../model/op.ts'
import { exportFresh, importFresh, memberFresh, statementFresh } from './fresh-code.ts'
import { itemsFresh, propertyFresh } from './fresh-json.ts'
import { entryFresh } from './fresh-yaml.ts'
import type { Target } from './refuse.ts'

/**
 * Makes a change in a text that was rendered from a template of ours in this very run. Such a text
 * has no syntax error, is formatted, and nobody has edited it, so its lines alone tell the place.
 * What comes out is what the parsers would write, to the byte.
 *
 * @returns undefined where the lines are not those of a place that is known; nothing is refused
 */
export function applyFresh(target: Target, op: Op): ApplyResult | undefined {
  if (target.text.includes('\r')) return undefined
  switch (op.op) {
    case 'ensureImport':
      return importFresh(target, op)
    case 'ensureExport':
      return exportFresh(target, op)
    case 'ensureStatement':
      return statementFresh(target, op)
    case 'ensureProperty':
      return memberFresh(target, op)
    case 'ensureJson':
      return propertyFresh(target, op)
    case 'ensureJsonItems':
      return itemsFresh(target, op)
    case 'ensureYaml':
      return entryFresh(target, op)
    default:
      return undefined
  }
}
