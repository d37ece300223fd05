const plugins = [A]
function f() {
  const plugins = [B]
}
