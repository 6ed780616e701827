import { createHmac } from "node:crypto";

const STEP_MS = 30_000;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code that an app shows (RFC 6238), for what it has read in the QR code. */
export function createCode(uri: string, timestamp: number) {
  const seed = decodeBase32(new URL(uri).searchParams.get("secret") ?? "");
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(timestamp / STEP_MS)));
  const mac = createHmac("sha1", seed).update(counter).digest();
  const number = mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** A code that is wrong at this time, one step earlier and one step later. */
export function createWrongCode(uri: string, timestamp: number) {
  const right = [-STEP_MS, 0, STEP_MS].map((skew) =>
    createCode(uri, timestamp + skew),
  );
  const codes = ["000000", "111111", "222222", "333333"];
  return codes.find((code) => !right.includes(code)) ?? "";
}

function decodeBase32(text: string) {
  const bits = Array.from(text, (letter) =>
    ALPHABET.indexOf(letter).toString(2).padStart(5, "0"),
  );
  const bytes = bits.join("").match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
}
