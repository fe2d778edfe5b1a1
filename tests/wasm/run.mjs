// Runs the modules: `node run.mjs EVERYTHING.wasm ES256.wasm FOLDER-OF-VECTORS`. What came of it goes to standard output
// as JSON; a task that fails is an exception. Node's own cryptography is the other side of every task.

import assert from "node:assert/strict";
import { createPublicKey, createPrivateKey, createDecipheriv, createCipheriv, constants, generateKeyPairSync,
  privateDecrypt, publicEncrypt, randomBytes, randomFillSync, sign, verify } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const [everythingPath, folder, es256Path] = process.argv.slice(2);

/** A module and the text that goes in and comes out. */
class Module {
  #exports;
  #failing = false;
  #panic;

  constructor(octets) {
    const text = (at, len) => new TextDecoder().decode(new Uint8Array(this.#exports.memory.buffer, at, len));
    const host = {
      random: (at, len) => {
        if (this.#failing) return 1;
        randomFillSync(new Uint8Array(this.#exports.memory.buffer, at, len));
        return 0;
      },
      panicked: (at, len) => { this.#panic = text(at, len); },
    };
    this.#exports = new WebAssembly.Instance(new WebAssembly.Module(octets), { host }).exports;
  }

  ask(name, question, ...more) {
    const octets = new TextEncoder().encode(question);
    const at = this.#exports.question(octets.length);
    new Uint8Array(this.#exports.memory.buffer, at, octets.length).set(octets);
    try {
      // Calls can move the memory: it is looked at anew after each.
      const len = this.#exports[name](...more);
      return new TextDecoder().decode(new Uint8Array(this.#exports.memory.buffer, this.#exports.answer(), len));
    } catch (error) {
      throw this.#panic === undefined ? error : new Error(`${name}: ${this.#panic}`);
    }
  }

  /** While `run` runs there are no random numbers. */
  withoutRandom(run) {
    this.#failing = true;
    try { return run(); } finally { this.#failing = false; }
  }
}

const everything = new Module(readFileSync(everythingPath));
const task = (question) => JSON.parse(everything.ask("task", JSON.stringify(question)));
const done = (question) => {
  const { ok, error } = task(question);
  assert.equal(error, undefined, `${question.task}: ${error}`);
  return ok;
};

const base64url = (octets) => Buffer.from(octets).toString("base64url");
const jsonPart = (value) => base64url(JSON.stringify(value));
/** The token with one bit of its last part changed. */
const forged = (token) => {
  const at = token.lastIndexOf(".") + 1;
  const octets = Buffer.from(token.slice(at), "base64url");
  octets[0] ^= 1;
  return token.slice(0, at) + base64url(octets);
};

/** Beyond what 32 bits can say, with and without a sign. */
const NOW = 2 ** 33;
const CLAIMS = { iss: "https://issuer.example", aud: "api", sub: "alice", exp: NOW + 600 };

const SIGNATURES = {
  ES256: { type: ["ec", { namedCurve: "P-256" }], digest: "sha256", options: { dsaEncoding: "ieee-p1363" } },
  PS256: {
    type: ["rsa", { modulusLength: 2048 }],
    digest: "sha256",
    options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
  },
  Ed25519: { type: ["ed25519", {}], digest: null, options: {} },
};

const nodeSigns = (alg, key, claims) => {
  const { digest, options } = SIGNATURES[alg];
  const input = `${jsonPart({ alg, typ: "JWT" })}.${jsonPart(claims)}`;
  return `${input}.${base64url(sign(digest, Buffer.from(input), { key, ...options }))}`;
};

const nodeVerifies = (alg, key, token) => {
  const { digest, options } = SIGNATURES[alg];
  const [header, payload, signature] = token.split(".");
  const input = Buffer.from(`${header}.${payload}`);
  assert(verify(digest, input, { key, ...options }, Buffer.from(signature, "base64url")), `${alg}: not verified`);
  return Buffer.from(payload, "base64url").toString();
};

function signatures(alg) {
  const [type, options] = SIGNATURES[alg].type;
  const { privateKey, publicKey } = generateKeyPairSync(type, options);
  const [own, other] = [privateKey, publicKey].map((key) => key.export({ format: "jwk" }));
  const payload = JSON.stringify(CLAIMS);

  const token = done({ task: "sign", alg, key: own, payload });
  assert.equal(nodeVerifies(alg, publicKey, token), payload);

  const theirs = nodeSigns(alg, privateKey, CLAIMS);
  const asked = { task: "verify", alg, key: other, token: theirs, now: NOW };
  assert.equal(done(asked).sub, "alice");
  for (const refused of [{ token: forged(theirs) }, { now: NOW + 600 }]) {
    assert.notEqual(task({ ...asked, ...refused }).error, undefined, `${alg}: ${JSON.stringify(refused)}`);
  }
}

function generated(alg) {
  const { key, token } = done({ task: "generate", alg, payload: "generated" });
  assert.equal(nodeVerifies(alg, createPublicKey({ key, format: "jwk" }), token), "generated");
  assert.notDeepEqual(done({ task: "generate", alg, payload: "generated" }).key, key);
}

const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };

function encryption() {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const [own, other] = [privateKey, publicKey].map((key) => key.export({ format: "jwk" }));
  const named = { alg: "RSA-OAEP-256", enc: "A256GCM" };

  const token = done({ task: "encrypt", ...named, key: other, plaintext: "to Node" });
  const [header, wrapped, iv, ciphertext, tag] = token.split(".");
  const octets = (part) => Buffer.from(part, "base64url");
  const cek = privateDecrypt({ key: createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" })), ...OAEP },
    octets(wrapped));
  const decipher = createDecipheriv("aes-256-gcm", cek, octets(iv)).setAAD(Buffer.from(header)).setAuthTag(octets(tag));
  assert.equal(Buffer.concat([decipher.update(octets(ciphertext)), decipher.final()]).toString(), "to Node");

  const [ownCek, ownIv, ownHeader] = [randomBytes(32), randomBytes(12), jsonPart(named)];
  const cipher = createCipheriv("aes-256-gcm", ownCek, ownIv).setAAD(Buffer.from(ownHeader));
  const sealed = Buffer.concat([cipher.update("from Node"), cipher.final()]);
  const theirs = [ownHeader,
    ...[publicEncrypt({ key: publicKey, ...OAEP }, ownCek), ownIv, sealed, cipher.getAuthTag()].map(base64url)].join(".");
  const asked = { task: "decrypt", alg: named.alg, key: own, token: theirs };
  assert.equal(done(asked), "from Node");
  assert.notEqual(task({ ...asked, token: forged(theirs) }).error, undefined, "a forged message");
  return { other, named };
}

/** Each with its key, and no random numbers to be had: an error each, and nothing signed or encrypted. */
function withoutRandom({ other, named }) {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
  const questions = [
    { task: "generate", alg: "ES256", payload: "" },
    { task: "sign", alg: "PS256", key: rsa, payload: "" },
    { task: "encrypt", ...named, key: other, plaintext: "" },
  ];
  for (const question of questions) {
    const { ok, error } = everything.withoutRandom(() => task(question));
    assert.equal(ok, undefined, question.task);
    assert.match(error, /random/, question.task);
  }
}

/** There is no clock: an error, and neither a panic nor a verified token. */
function withoutClock() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const token = nodeSigns("Ed25519", privateKey, CLAIMS);
  const { ok, error } = task({ task: "verify", alg: "Ed25519", key: publicKey.export({ format: "jwk" }), token });
  assert.equal(ok, undefined);
  assert.match(error, /clock/);
}

/** The module that does one thing, and asks nothing of JavaScript. */
function es256() {
  const bytes = readFileSync(es256Path);
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(bytes)), []);
  const module = new Module(bytes);
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = JSON.stringify(publicKey.export({ format: "jwk" }));
  const token = nodeSigns("ES256", privateKey, CLAIMS);
  const verdict = (token, now = NOW, audience = CLAIMS.aud) =>
    module.ask("verify", [jwk, CLAIMS.iss, audience, token].join("\n"), BigInt(now));
  assert.equal(verdict(token), "");
  assert.equal(verdict(forged(token)), "signature");
  assert.equal(verdict(token, NOW + 600), "expired");
  assert.equal(verdict(token, NOW, "another"), "claim-mismatch");
  return { bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

const files = {};
for (const name of readdirSync(folder).filter((name) => name.endsWith(".json")).sort()) {
  const { ok, error } = JSON.parse(everything.ask("vectors", readFileSync(join(folder, name), "utf8")));
  assert.equal(error, undefined, `${name}: ${error}`);
  files[name] = ok;
}
Object.keys(SIGNATURES).forEach(signatures);
["ES256", "Ed25519"].forEach(generated);
withoutRandom(encryption());
withoutClock();
console.log(JSON.stringify({ files, es256: es256Path && es256() }));
