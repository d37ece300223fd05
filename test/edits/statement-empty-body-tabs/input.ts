const x = {
	a: 1,
}

export async function plugins(app: App) {}
