function f() {
	const plugins = [
		C,
	]
}
