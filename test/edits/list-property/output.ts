const options = {
  'plugins': [A, C],
}
const plugins = [B]
