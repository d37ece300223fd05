const { x: [u] } = y
