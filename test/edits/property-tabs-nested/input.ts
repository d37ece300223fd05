function f() {
	return {
		services: {
			a: 1,
		},
	}
}
const x = { services: {} }
