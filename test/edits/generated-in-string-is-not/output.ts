const plugins = [A, C]
const header = '// DO NOT EDIT'
