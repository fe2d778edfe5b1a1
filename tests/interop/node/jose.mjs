// The package `jose`.

import * as jose from 'jose';
import { write } from './jose-write.mjs';
import { b64u, bytes, der, main, publicOf } from './peer.mjs';

const resolver = (key) => (key.keys ? jose.createLocalJWKSet(key) : key);
const verifier = (key) => (key.keys ? resolver(key) : publicOf(key));
// A password is octets and no JWK.
const isPassword = (key, header) => key.kty === 'oct' && /^PBES2/.test(header?.alg);
// Extensions that the caller understands; they need not be integrity protected.
const understood = (names) => names && Object.fromEntries(names.map((name) => [name, false]));

async function verify({ key, jws, algs, crit, detached_payload_b64u: detached }) {
  const options = { algorithms: algs, crit: understood(crit) };
  let call =
    typeof jws === 'string'
      ? jose.compactVerify
      : jws.signatures
        ? jose.generalVerify
        : jose.flattenedVerify;
  if (detached !== undefined) {
    if (typeof jws === 'string') {
      const [header, , signature] = jws.split('.');
      jws = { protected: header, signature };
      call = jose.flattenedVerify;
    }
    const header = jose.decodeProtectedHeader(jws.signatures ? jws.signatures[0] : jws);
    jws = { ...jws, payload: header.b64 === false ? bytes(detached) : detached };
  }
  const { payload } = await call(jws, verifier(key), options);
  return { payload_b64u: b64u(payload) };
}

/** A payload that is not encoded is not part of the answer: the caller puts it in. */
const unencoded = (jws, header, payload) =>
  header?.b64 === false ? { ...jws, payload: payload.toString() } : jws;

async function sign({ payload_b64u, form, detached, signatures }) {
  const payload = bytes(payload_b64u);
  const parts = signatures.map(({ key, protected_text: text, header }) => ({
    key,
    header,
    protected: text === undefined ? undefined : JSON.parse(text),
  }));
  const [first] = parts;
  let jws;
  if (form === 'compact') {
    const signed = await new jose.FlattenedSign(payload)
      .setProtectedHeader(first.protected)
      .sign(first.key);
    jws = unencoded(signed, first.protected, payload);
    return { jws: [jws.protected, detached ? '' : jws.payload, jws.signature].join('.') };
  }
  if (form === 'flattened') {
    const one = new jose.FlattenedSign(payload);
    if (first.protected) one.setProtectedHeader(first.protected);
    if (first.header) one.setUnprotectedHeader(first.header);
    jws = unencoded(await one.sign(first.key), first.protected, payload);
  } else {
    const several = new jose.GeneralSign(payload);
    for (const part of parts) {
      const one = several.addSignature(part.key);
      if (part.protected) one.setProtectedHeader(part.protected);
      if (part.header) one.setUnprotectedHeader(part.header);
    }
    jws = unencoded(await several.sign(), first.protected, payload);
  }
  if (detached) delete jws.payload;
  return { jws };
}

function decryption({ key, algs, encs, crit, zip }) {
  return {
    // A key that names it is for passwords.
    keyManagementAlgorithms: algs ?? (/^PBES2/.test(key.alg) ? [key.alg] : undefined),
    maxPBES2Count: 1_000_000,
    contentEncryptionAlgorithms: encs,
    crit: understood(crit),
    ...(zip ? {} : { maxDecompressedLength: 0 }),
  };
}

async function decrypt(asked) {
  const { key, jwe } = asked;
  const call =
    typeof jwe === 'string'
      ? jose.compactDecrypt
      : jwe.recipients
        ? jose.generalDecrypt
        : jose.flattenedDecrypt;
  // The key may depend on the recipient's algorithm.
  const find = (header, token) => {
    const merged = { ...header, ...token?.unprotected, ...token?.header };
    return isPassword(key, merged) ? bytes(key.k) : key;
  };
  const { plaintext } = await call(jwe, find, decryption(asked));
  return { plaintext_b64u: b64u(plaintext) };
}

async function token(asked) {
  const { key, jwt, algs, decryption_key: secret, options = {} } = asked;
  const rules = {
    algorithms: algs,
    issuer: options.iss,
    audience: options.aud,
    subject: options.sub,
    typ: options.typ,
    maxTokenAge: options.max_age,
    clockTolerance: options.leeway,
    currentDate: options.now === undefined ? undefined : new Date(options.now * 1000),
    requiredClaims: options.required,
  };
  if (!secret) return { claims: (await jose.jwtVerify(jwt, verifier(key), rules)).payload };
  const opening = decryption({ key: secret, algs });
  const find = (header) => (isPassword(secret, header) ? bytes(secret.k) : secret);
  if (!key) {
    const { algorithms, ...claims } = rules;
    return { claims: (await jose.jwtDecrypt(jwt, find, { ...claims, ...opening })).payload };
  }
  const { plaintext } = await jose.compactDecrypt(jwt, find, opening);
  return { claims: (await jose.jwtVerify(plaintext, verifier(key), rules)).payload };
}

const SIGNING = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'Ed25519',
  RSA: 'RS256',
  oct: 'HS256',
};

async function parse({ key }) {
  if (key.keys !== undefined || !('kty' in key)) {
    jose.createLocalJWKSet(key);
    return {};
  }
  await jose.importJWK(key, key.alg ?? SIGNING[key.crv ?? key.kty] ?? 'ECDH-ES');
  return {};
}

async function thumbprint({ key, hash }) {
  const digest = hash.replace('SHA-', 'sha');
  return {
    thumbprint_b64u: await jose.calculateJwkThumbprint(key, digest),
    uri: await jose.calculateJwkThumbprintUri(key, digest),
  };
}

async function importKey({ pem, format }) {
  const call = { pkcs8: jose.importPKCS8, spki: jose.importSPKI, x509: jose.importX509 }[format];
  let refused;
  // The caller must name an algorithm: the one that fits.
  for (const alg of [...Object.values(SIGNING).slice(0, -1), 'ECDH-ES']) {
    try {
      return { key: await jose.exportJWK(await call(pem, alg, { extractable: true })) };
    } catch (error) {
      refused = error;
    }
  }
  throw refused;
}

async function exportKey({ key, format }) {
  const alg = SIGNING[key.crv ?? key.kty] ?? 'ECDH-ES';
  const imported = await jose.importJWK(format === 'spki' ? publicOf(key) : key, alg, {
    extractable: true,
  });
  const pem = await { pkcs8: jose.exportPKCS8, spki: jose.exportSPKI }[format](imported);
  return { pem: `${pem.trimEnd()}\n`, der_b64u: b64u(der(pem)) };
}

const operations = {
  'jws.verify': verify,
  'jws.sign': sign,
  'jwe.decrypt': decrypt,
  'jwt.verify': token,
  'jwk.parse': parse,
  'jwk.thumbprint': thumbprint,
  'jwk.import': importKey,
  'jwk.export': exportKey,
};

await main('jose (npm)', operations, write);
