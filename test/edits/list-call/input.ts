export const plugins = makeList()
