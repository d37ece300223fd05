import { app as server } from "./app";

async function start() {
  await server.register(a);
  await server.register(u);
  await server.listen({ port: 3000 });
}

void start();
