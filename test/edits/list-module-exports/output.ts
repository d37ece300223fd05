module.exports = { plugins: [A, C] }
