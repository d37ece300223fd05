const plugins = [A]
const header = '// DO NOT EDIT'
