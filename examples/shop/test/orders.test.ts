/* As the team of the shop would write its tests: nobody's password is hashed. */
import { asUser, endEverywhere } from "@drawbridge/bridge/testing";
import t from "tap";
import { startServices } from "./start-services.ts";

const bob = { id: "2", username: "bob@example.com" };

t.test("orders", async (t) => {
  const services = await startServices(t);
  if (services === null)
    return t.pass("no Postgres", { skip: "apt-get install postgresql" });
  Object.assign(process.env, services.env);
  const { app } = await import("../src/app.ts");
  t.teardown(() => app.close());
  app.log.level = "silent";

  await t.test("are for members who are logged in", async (t) => {
    t.equal((await app.inject("/orders")).statusCode, 401);
    for (const carrier of ["session", "token"] as const) {
      const headers = await asUser(app, bob, { carrier });
      const mine = await app.inject({ url: "/orders", headers });
      t.same(mine.json(), ["north"], "the tenant of the table");
    }
  });

  await t.test("need their scope", async (t) => {
    const headers = await asUser(app, bob, { scopes: ["devices"] });
    const { statusCode } = await app.inject({ url: "/orders", headers });
    t.equal(statusCode, 403);
  });

  await t.test("are for nobody who was logged out", async (t) => {
    const headers = await asUser(app, bob);
    await endEverywhere(app, bob.id);
    const { statusCode } = await app.inject({ url: "/orders", headers });
    t.equal(statusCode, 401);
  });

  await t.test("are for nobody who is locked", async (t) => {
    await services.pool.query(
      "UPDATE members SET locked = true WHERE member_no = 2",
    );
    await t.rejects(asUser(app, bob), "no log-in, whoever asks for it");
  });
});
