// A file for another implementation, by the package `jose`.

import * as jose from 'jose';
import { JWS, b64u, bytes, utf8 } from './peer.mjs';

const ENC = ['A128GCM', 'A192GCM', 'A256GCM', 'A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512'];
const AGREEMENT = ['ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A192KW', 'ECDH-ES+A256KW'];
const SYMMETRIC = {
  A128KW: 128,
  A192KW: 192,
  A256KW: 256,
  A128GCMKW: 128,
  A192GCMKW: 192,
  A256GCMKW: 256,
};
const PASSWORDS = ['PBES2-HS256+A128KW', 'PBES2-HS384+A192KW', 'PBES2-HS512+A256KW'];
const OAEP = ['RSA-OAEP', 'RSA-OAEP-256', 'RSA-OAEP-384', 'RSA-OAEP-512'];
const CURVES = ['P-256', 'P-384', 'P-521', 'X25519'];

const random = (bits) => ({ kty: 'oct', k: b64u(crypto.getRandomValues(new Uint8Array(bits / 8))) });

async function pair(alg, options) {
  const { privateKey, publicKey } = await jose.generateKeyPair(alg, { extractable: true, ...options });
  return [await jose.exportJWK(privateKey), await jose.exportJWK(publicKey), privateKey, publicKey];
}

async function writeSigned(cases, alg) {
  let keys;
  if (alg.startsWith('HS')) {
    const secret = await jose.exportJWK(await jose.generateSecret(alg, { extractable: true }));
    keys = [secret, secret];
  } else {
    keys = await pair(alg);
    cases.add(`jwk/${alg}/pkcs8`, 'jwk.import', {
      pem: await jose.exportPKCS8(keys[2]),
      format: 'pkcs8',
      key: keys[0],
    });
    cases.add(`jwk/${alg}/spki`, 'jwk.import', {
      pem: await jose.exportSPKI(keys[3]),
      format: 'spki',
      key: keys[1],
    });
  }
  const [key, open] = keys;
  for (const size of [256, 384, 512]) {
    const thumbprint_b64u = await jose.calculateJwkThumbprint(open, `sha${size}`);
    const uri = await jose.calculateJwkThumbprintUri(open, `sha${size}`);
    cases.add(`jwk/${alg}/thumbprint-${size}`, 'jwk.thumbprint', {
      key: open,
      hash: `SHA-${size}`,
      thumbprint_b64u,
      uri,
    });
  }
  const add = (form, payload, jws, more) =>
    cases.add(`jws/${alg}/${form}`, 'jws.verify', {
      key: open,
      jws,
      algs: [alg],
      payload_b64u: b64u(payload),
      ...more,
    });
  let payload = cases.next;
  add('compact', payload, await new jose.CompactSign(payload).setProtectedHeader({ alg }).sign(key));
  payload = cases.next;
  const flattened = new jose.FlattenedSign(payload)
    .setProtectedHeader({ alg })
    .setUnprotectedHeader({ kid: 'k' });
  const jws = await flattened.sign(key);
  add('flattened', payload, jws);
  add('detached', payload, { ...jws, payload: undefined }, { detached_payload_b64u: b64u(payload) });
  payload = cases.next;
  const general = new jose.GeneralSign(payload);
  general.addSignature(key).setProtectedHeader({ alg });
  general.addSignature(key).setProtectedHeader({ alg, kid: 'second' });
  add('general', payload, await general.sign(), { require: 'all' });
  payload = utf8('$.02');
  const unencoded = new jose.FlattenedSign(payload).setProtectedHeader({
    alg,
    b64: false,
    crit: ['b64'],
  });
  const { payload: _, ...rest } = await unencoded.sign(key);
  add('b64-false', payload, { ...rest, payload: '$.02' });
  add('b64-false-detached', payload, rest, { detached_payload_b64u: b64u(payload) });
  const claims = {
    iss: 'https://issuer.example',
    aud: ['api'],
    exp: 2_000_000_000,
    nbf: 1_000_000_000,
    n: 1.5,
    ü: 'é',
  };
  const jwt = await new jose.SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT' }).sign(key);
  const options = { now: 1_500_000_000, iss: claims.iss, aud: 'api', typ: 'JWT' };
  cases.add(`jwt/${alg}`, 'jwt.verify', { key: open, jwt, algs: [alg], options, claims });
}

async function writeEncrypted(cases, name, alg, to, key, more = {}) {
  const options = { key, algs: [alg], ...more };
  for (const enc of ENC) {
    const plaintext = cases.next;
    const secret = typeof to === 'function' ? to(enc) : to;
    const opens = typeof key === 'function' ? key(enc) : key;
    const jwe = await new jose.CompactEncrypt(plaintext)
      .setProtectedHeader({ alg, enc })
      .encrypt(secret);
    cases.add(`jwe/${name}/${enc}`, 'jwe.decrypt', {
      ...options,
      key: opens,
      jwe,
      plaintext_b64u: b64u(plaintext),
    });
  }
}

async function writeForms(cases) {
  const [key, open] = await pair('ECDH-ES', { crv: 'P-256' });
  const plaintext = utf8('A JSON serialization');
  const add = (form, jwe, secret, more) =>
    cases.add(`jwe/${form}`, 'jwe.decrypt', {
      key: secret,
      jwe,
      plaintext_b64u: b64u(plaintext),
      ...more,
    });
  const flattened = () => new jose.FlattenedEncrypt(plaintext).setProtectedHeader({ enc: 'A128GCM' });
  const alg = 'ECDH-ES+A128KW';
  const unprotected = { jku: 'https://issuer.example/keys' };
  add('flattened', await flattened().setUnprotectedHeader({ alg }).encrypt(open), key);
  add(
    'flattened-shared',
    await flattened()
      .setSharedUnprotectedHeader({ alg, ...unprotected })
      .encrypt(open),
    key,
  );
  const aad = flattened().setUnprotectedHeader({ alg }).setAdditionalAuthenticatedData(utf8('aad'));
  add('flattened-aad', await aad.encrypt(open), key);
  const wrap = random(256);
  const general = new jose.GeneralEncrypt(plaintext).setProtectedHeader({ enc: 'A256CBC-HS512' });
  general.addRecipient(open).setUnprotectedHeader({ alg });
  general.addRecipient(wrap).setUnprotectedHeader({ alg: 'A256KW' });
  const jwe = await general.encrypt();
  add('general-first', jwe, key);
  add('general-second', jwe, wrap);
  const parties = new jose.CompactEncrypt(plaintext).setProtectedHeader({
    alg: 'ECDH-ES',
    enc: 'A256GCM',
  });
  parties.setKeyManagementParameters({ apu: utf8('Alice'), apv: utf8('Bob') });
  add('apu-apv', await parties.encrypt(open), key);
  const zip = new jose.CompactEncrypt(plaintext).setProtectedHeader({ alg, enc: 'A128GCM', zip: 'DEF' });
  add('zip', await zip.encrypt(open), key, { zip: true });
  const claims = { iss: 'https://issuer.example', exp: 2_000_000_000 };
  const options = { now: 1_500_000_000, iss: claims.iss };
  const encrypted = new jose.EncryptJWT(claims).setProtectedHeader({ alg, enc: 'A128GCM' });
  cases.add('jwt/encrypted', 'jwt.verify', {
    decryption_key: key,
    jwt: await encrypted.encrypt(open),
    options,
    claims,
  });
  const [signing, verifying] = await pair('ES256');
  const signed = await new jose.SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(signing);
  const nested = new jose.CompactEncrypt(utf8(signed)).setProtectedHeader({
    alg,
    enc: 'A128GCM',
    cty: 'JWT',
  });
  const jwt = await nested.encrypt(open);
  cases.add('jwt/nested', 'jwt.verify', { key: verifying, decryption_key: key, jwt, options, claims });
}

export async function write(cases) {
  for (const alg of [...JWS, 'Ed25519', 'EdDSA']) await writeSigned(cases, alg);
  for (const alg of OAEP) {
    const [key, open] = await pair(alg);
    await writeEncrypted(cases, alg, alg, open, key);
  }
  for (const crv of CURVES) {
    const [key, open] = await pair('ECDH-ES', { crv });
    for (const alg of AGREEMENT) await writeEncrypted(cases, `${alg}/${crv}`, alg, open, key);
  }
  for (const [alg, bits] of Object.entries(SYMMETRIC)) {
    const key = random(bits);
    await writeEncrypted(cases, alg, alg, key, key);
  }
  const direct = Object.fromEntries(
    ENC.map((enc) => [enc, random(Number(enc.slice(1, 4)) * (enc.includes('CBC') ? 2 : 1))]),
  );
  await writeEncrypted(
    cases,
    'dir',
    'dir',
    (enc) => direct[enc],
    (enc) => direct[enc],
  );
  const password = { kty: 'oct', k: b64u(utf8('correct horse battery staple')) };
  for (const alg of PASSWORDS) await writeEncrypted(cases, alg, alg, bytes(password.k), password);
  await writeForms(cases);
}
