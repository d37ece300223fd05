const plugins = [
	{ plugin: A },
]
