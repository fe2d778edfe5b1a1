// The package `@sd-jwt/core`.

import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { FlattenJSON, GeneralJSON, SDJwtInstance } from '@sd-jwt/core';
import { b64u, bytes, main, utf8 } from './peer.mjs';

/** How each algorithm signs, as Node.js takes it. */
const ALGORITHMS = {
  ES256: ['sha256', { dsaEncoding: 'ieee-p1363' }],
  ES384: ['sha384', { dsaEncoding: 'ieee-p1363' }],
  ES512: ['sha512', { dsaEncoding: 'ieee-p1363' }],
  Ed25519: [undefined, {}],
};

const hasher = (data, alg) =>
  createHash(alg.replace('-', ''))
    .update(typeof data === 'string' ? data : new Uint8Array(data))
    .digest();

function verifier(key, alg) {
  const [hash, options] = ALGORITHMS[alg];
  const publicKey = createPublicKey({ format: 'jwk', key });
  return (data, signature) => verify(hash, utf8(data), { key: publicKey, ...options }, bytes(signature));
}

/** The compact form, which is the one that is verified. */
function compact(message) {
  if (typeof message === 'string') return message;
  return message.signatures
    ? GeneralJSON.fromSerialized(message).toEncoded(0)
    : FlattenJSON.fromSerialized(message).toEncoded();
}

async function read({ key, sd_jwt: message, options = {} }) {
  const text = compact(message);
  const { alg } = JSON.parse(bytes(text.split('.')[0]));
  const instance = new SDJwtInstance({
    hasher,
    verifier: verifier(key, alg),
    kbVerifier: (data, signature, payload) => verifier(payload.cnf.jwk, 'ES256')(data, signature),
  });
  const { payload } = await instance.verify(text, {
    currentDate: options.now,
    keyBindingNonce: options.key_binding ? options.nonce : undefined,
  });
  return { claims: payload };
}

const NOW = 1_700_000_000;
const ISSUER = 'https://issuer.example';
const AUDIENCE = 'https://verifier.example';
const CLAIMS = {
  iss: ISSUER,
  exp: NOW + 1000,
  given_name: 'Erika',
  address: { country: 'DE', locality: 'Köln' },
  in: ['DE', { code: 'FR' }],
};

/** What is hidden, what is shown, and what is seen then. */
const ROWS = {
  'nothing-hidden': [undefined, {}, {}],
  'nothing-shown': [
    { _sd: ['given_name', 'address'], in: { _sd: [0] } },
    {},
    { given_name: undefined, address: undefined, in: [{ code: 'FR' }] },
  ],
  'some-shown': [
    { _sd: ['given_name', 'address'], in: { _sd: [0, 1] } },
    { address: true, in: { 0: true } },
    { given_name: undefined, in: ['DE'] },
  ],
  'all-shown': [
    { _sd: ['given_name', 'address'], in: { _sd: [0, 1] } },
    { given_name: true, address: true, in: { 0: true, 1: true } },
    {},
  ],
  'inside-of-another': [
    { _sd: ['address'], address: { _sd: ['country', 'locality'] } },
    { address: { country: true } },
    { address: { country: 'DE' } },
  ],
  decoys: [
    { _sd: ['given_name'], _sd_decoy: 3, in: { _sd: [0], _sd_decoy: 2 } },
    { given_name: true },
    { in: [{ code: 'FR' }] },
  ],
};

const CURVES = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };

function keys(alg) {
  const { privateKey, publicKey } = CURVES[alg]
    ? generateKeyPairSync('ec', { namedCurve: CURVES[alg] })
    : generateKeyPairSync('ed25519');
  const [hash, options] = ALGORITHMS[alg];
  const signer = (data) => b64u(sign(hash, utf8(data), { key: privateKey, ...options }));
  return [signer, publicKey.export({ format: 'jwk' })];
}

async function write(cases) {
  const [kbSigner, holder] = keys('ES256');
  for (const alg of Object.keys(ALGORITHMS)) {
    const [signer, key] = keys(alg);
    for (const hashAlg of ['sha-256', 'sha-384', 'sha-512']) {
      const instance = new SDJwtInstance({
        hasher,
        hashAlg,
        signer,
        signAlg: alg,
        kbSigner,
        kbSignAlg: 'ES256',
        saltGenerator: (length) => b64u(randomBytes(length)),
      });
      const cnf = { jwk: holder };
      for (const [what, [hidden, shown, seen]] of Object.entries(ROWS)) {
        const issued = await instance.issue({ ...CLAIMS, cnf }, hidden, { header: { typ: 'example+sd-jwt' } });
        const claims = JSON.parse(JSON.stringify({ ...CLAIMS, cnf, ...seen }));
        for (const bound of [false, true]) {
          const kb = bound ? { payload: { iat: NOW, aud: AUDIENCE, nonce: 'n-1' } } : undefined;
          const text = await instance.present(issued, shown, { kb });
          const forms = {
            compact: text,
            flattened: instance.toFlattenJSON(text).toJson(),
            general: instance.toGeneralJSON(text).toJson(),
          };
          for (const [form, message] of Object.entries(forms)) {
            const options = { now: NOW, iss: ISSUER, typ: 'example+sd-jwt' };
            if (bound) Object.assign(options, { key_binding: true, aud: AUDIENCE, nonce: 'n-1' });
            cases.add(`sdjwt/${alg}/${hashAlg}/${form}/${what}${bound ? '/bound' : ''}`, 'sdjwt.verify', {
              key,
              algs: [alg, 'ES256'],
              sd_jwt: message,
              options,
              claims,
            });
          }
        }
      }
    }
  }
}

await main('@sd-jwt/core (npm)', { 'sdjwt.verify': read }, write);
