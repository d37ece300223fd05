function f() {
	const plugins = [
	]
}
