import Fastify from "fastify";

export async function build() {
	const app = Fastify();
	await app.register(a);

	return app;
}
