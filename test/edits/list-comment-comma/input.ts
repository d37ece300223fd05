const plugins = [A, B /* , */]
