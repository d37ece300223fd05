const plugins = [
	{ plugin: A },
	{
		plugin: C,
	},
]
