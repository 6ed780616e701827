import { app } from "./app.ts";

process.once("SIGTERM", () => void app.close());
await app.listen({ port: Number(process.env.PORT ?? 3000), host: "0.0.0.0" });
