const plugins = [A]
const other = [C]
