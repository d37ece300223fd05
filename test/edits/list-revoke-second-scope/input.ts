const plugins = [A, C]
function f() {
  const plugins = [B]
}
