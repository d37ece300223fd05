const options = {
  plugin: [A],
}
