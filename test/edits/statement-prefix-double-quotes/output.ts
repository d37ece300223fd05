import a from "./a.ts";

export async function plugins(app: App): Promise<void> {
	await app.register(a, { prefix: "/a", logLevel: level });
	await app.register(u, { prefix: "/u" });
}
