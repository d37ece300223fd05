import { fastify as create } from "fastify";

const app = create();
app.register(a);
