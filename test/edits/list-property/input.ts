const options = {
  'plugins': [A],
}
const plugins = [B]
