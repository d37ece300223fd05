const plugins = [
	A,
	B,
]
