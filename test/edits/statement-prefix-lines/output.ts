import a from "./a.ts";

export async function plugins(app: App): Promise<void> {
	await app.register(a);
	await app.register(u, {
		prefix: "/u",
	});
}
