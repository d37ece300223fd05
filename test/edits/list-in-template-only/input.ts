const text = `const plugins = [A]`
// const plugins = [A]
