const plugins = [a, b]

export function load(host: Host) {
  plugins.forEach((plugin) => host.register(plugin))
}
