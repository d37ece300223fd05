module.exports = {
  a,
}
