/** As many of each list as fit into a limit together, so that the longest yields first. */
export function share<T>(
  lists: readonly (readonly T[])[],
  limit: number,
): readonly (readonly T[])[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  const places = Array.from({ length: longest }, (_, place) =>
    lists.flatMap((list, index) => (place < list.length ? [index] : [])),
  ).flat()
  const shown = places.slice(0, limit)
  return lists.map((list, index) => list.slice(0, shown.filter((each) => each === index).length))
}
