/* What the README says of this example: how long it is, and what it compiles under. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { check } from "prettier";
import t from "tap";

const folder = "examples/shop";
const files = readdirSync(`${folder}/src`).filter((name) =>
  name.endsWith(".ts"),
);
const read = (name: string) => readFileSync(`${folder}/src/${name}`, "utf8");

/** Lines of code: neither blank nor of a comment alone. */
const count = (name: string) =>
  read(name)
    .split("\n")
    .filter((line) => !/^\s*(\/\/.*|\/?\*.*)?$/.test(line)).length;

t.test("the code is as prettier formats it by default", async (t) => {
  t.same(files.toSorted(), ["app.ts", "members.ts", "server.ts"]);
  for (const name of files)
    t.ok(await check(read(name), { parser: "typescript" }), name);
});

t.test("the service has 110 lines, and its users table 40", async (t) => {
  const service = count("app.ts") + count("server.ts");
  const users = count("members.ts");
  t.comment(`${service} and ${users} lines`);
  t.ok(service <= 110, `${service} lines`);
  t.ok(users <= 40, `${users} lines`);
});

t.test(
  "it compiles under strict, with the types of its libraries",
  async (t) => {
    const { compilerOptions } = JSON.parse(
      readFileSync(`${folder}/tsconfig.json`, "utf8"),
    );
    t.match(compilerOptions, { strict: true, skipLibCheck: false });
    const tsc = promisify(execFile)("node_modules/.bin/tsc", ["-p", folder]);
    await t.resolves(tsc);
  },
);
