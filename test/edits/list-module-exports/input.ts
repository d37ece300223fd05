module.exports = { plugins: [A] }
