const x = {
	a: 1,
}

export async function plugins(app: App) {
	await app.register(u)
}
