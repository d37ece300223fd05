module.exports = {
  a,
  c,
}
