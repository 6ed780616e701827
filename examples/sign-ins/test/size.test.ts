/* What the README says of these programs: how long they are, and what they compile under. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { check } from "prettier";
import t from "tap";

const folder = "examples/sign-ins";
const files = readdirSync(`${folder}/src`);
const read = (name: string) => readFileSync(`${folder}/src/${name}`, "utf8");

/** Lines of code: neither blank nor of a comment alone. */
const count = (name: string) =>
  read(name)
    .split("\n")
    .filter((line) => !/^\s*(\/\/.*|\/?\*.*)?$/.test(line)).length;

t.test("the code is as prettier formats it by default", async (t) => {
  for (const name of files)
    t.ok(await check(read(name), { filepath: name }), name);
});

t.test("each program has less than 120 lines", async (t) => {
  for (const name of ["totp.ts", "passkeys.ts", "openid-connect.ts"])
    t.ok(count(name) < 120, `${name}: ${count(name)}`);
  for (const name of ["service.ts", "passkey-table.ts"])
    t.ok(count(name) <= 35, `${name}: ${count(name)}`);
  t.equal(files.length, 6, "and nothing more, but a page");
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
