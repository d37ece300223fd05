import type { ts } from 'ts-morph'
import { topFunctions } from './functions.ts'
import type { Instance } from './instances.ts'
import { type Source, typescript } from './source-file.ts'

/** The class that an instance is a field of, or that has the method which builds it. */
export function classOf({ builds }: Instance): string | undefined {
  const { findAncestor, isClassLike } = typescript()
  return findAncestor(builds[0], isClassLike)?.name?.text
}

/**
 * What `--into` takes for each instance: its variable, or where several are called the same, the
 * top-level function or the class that it is built in.
 */
export function instanceNames(
  source: Source,
  instances: readonly Instance[],
): ReadonlyMap<Instance, string> {
  const functions = topFunctions(source)
  const outer = (instance: Instance): string | undefined => {
    const [build] = instance.builds
    const isAround = (node: ts.Node) => build && node.pos <= build.pos && build.end <= node.end
    return functions.find(({ node }) => isAround(node))?.name ?? classOf(instance)
  }
  const isOnly = ({ label }: Instance) =>
    instances.filter((other) => other.label === label).length === 1 &&
    !functions.some(({ name }) => name === label)
  return new Map(
    instances.map((instance) => {
      const { label } = instance
      return [instance, isOnly(instance) ? label : (outer(instance) ?? label)]
    }),
  )
}
