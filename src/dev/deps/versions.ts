/** A version that the registry has, as far as it was asked. */
export interface Published {
  readonly version: string
  /** Why it is deprecated. */
  readonly deprecated?: string | undefined
  /** What the tag `latest` names. */
  readonly latest?: string | undefined
}

/** Below 0 if `a` is the older version; ranges are left to the package manager. */
export function compareVersions(a: string, b: string): number {
  const [coreA = '', previewA] = split(a)
  const [coreB = '', previewB] = split(b)
  const byCore = compareParts(coreA.split('.'), coreB.split('.'))
  if (byCore !== 0) return byCore
  if (previewA === undefined || previewB === undefined) {
    return Number(previewA === undefined) - Number(previewB === undefined)
  }
  return compareParts(previewA.split('.'), previewB.split('.'))
}

function split(version: string): readonly string[] {
  const [bare = ''] = version.split('+')
  const dash = bare.indexOf('-')
  return dash === -1 ? [bare] : [bare.slice(0, dash), bare.slice(dash + 1)]
}

/** Numbers by their value and before words; fewer parts before more. */
function compareParts(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, index) => part !== b[index])
  if (at === -1) return a.length - b.length
  const [one = '', other] = [a[at], b[at]]
  if (other === undefined) return 1
  const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)]
  if (isNumber && isOtherNumber) return Number(one) - Number(other)
  if (isNumber || isOtherNumber) return isNumber ? -1 : 1
  return one < other ? -1 : 1
}

/** The version an install takes of those in the range: `latest` if it is one, none deprecated if possible. */
export function chooseVersion(inRange: readonly Published[]): Published | undefined {
  const sound = inRange.filter(({ deprecated }) => deprecated === undefined)
  const open = sound.length > 0 ? sound : inRange
  const byAge = open.toSorted((a, b) => compareVersions(a.version, b.version))
  return open.find(({ version, latest }) => version === latest) ?? byAge.at(-1)
}
