// A vector file for implementations in JavaScript: read, with one answer a line, or written.

import { readFileSync, writeFileSync } from 'node:fs';

/** The algorithms of RFC 7518 section 3. */
export const JWS = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
];

export const bytes = (text) => Buffer.from(text, 'base64url');
export const b64u = (octets) => Buffer.from(octets).toString('base64url');
export const utf8 = (text) => new TextEncoder().encode(text);

/** The public part of an asymmetric JWK; anything else as it is. */
export function publicOf(jwk) {
  if (jwk.kty === 'oct') return jwk;
  const { d, p, q, dp, dq, qi, oth, priv, ...rest } = jwk;
  return rest;
}

/** PEM as the DER that it holds. */
export const der = (pem) => Buffer.from(pem.replace(/-----[^-]*-----|\s/g, ''), 'base64');

/** Payloads of the sizes at which encodings and block ciphers differ. */
export const PAYLOADS = [0, 1, 15, 16, 17, 1000].map((size) =>
  new Uint8Array(size).map((_, i) => (7 * i) & 255),
);

/** A payload by the number of the case that wants one, so that all sizes come up. */
export const payload = (n) => PAYLOADS[n % PAYLOADS.length];

/** What a message that is written says of itself: `result` and one case each, in the order of the calls. */
export class Cases {
  list = [];

  add(id, op, members) {
    this.list.push({ id, op, result: 'valid', ...members });
  }

  get next() {
    return payload(this.list.length);
  }
}

async function read(operations, file) {
  for (const asked of JSON.parse(readFileSync(file, 'utf8')).cases) {
    let answer;
    try {
      const operation = operations[asked.op];
      if (!operation) throw new Error('no such operation');
      answer = { output: await operation(asked) };
    } catch (error) {
      answer = { error: String(error?.message ?? error) };
    }
    writeFileSync(1, `${JSON.stringify({ id: asked.id, ...answer })}\n`);
  }
}

/** `read FILE`, with a function for each operation, or `write`, with a function that fills `Cases`. */
export async function main(source, operations, write) {
  const [command, file] = process.argv.slice(2);
  if (command === 'read') {
    await read(operations, file);
  } else {
    const cases = new Cases();
    await write(cases);
    writeFileSync(1, JSON.stringify({ source, cases: cases.list }));
  }
  // What the library may still be waiting for is of no interest.
  process.exit(0);
}
