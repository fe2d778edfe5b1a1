// The package `jsonwebtoken`.

import { createPublicKey, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { JWS, bytes, main } from './peer.mjs';

const verifier = (key) =>
  key.kty === 'oct' ? createSecretKey(bytes(key.k)) : createPublicKey({ format: 'jwk', key });

function verify({ key, jwt: token, algs, options = {} }) {
  const claims = jwt.verify(token, verifier(key), {
    algorithms: algs ?? (key.alg && [key.alg]),
    issuer: options.iss,
    audience: options.aud,
    subject: options.sub,
    jwtid: options.jti,
    nonce: options.nonce,
    maxAge: options.max_age,
    clockTolerance: options.leeway,
    clockTimestamp: options.now,
  });
  return { claims };
}

const CURVES = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };

function keys(alg) {
  if (alg.startsWith('HS')) {
    const secret = createSecretKey(randomBytes(64));
    return [secret, secret.export({ format: 'jwk' })];
  }
  const { privateKey, publicKey } = CURVES[alg]
    ? generateKeyPairSync('ec', { namedCurve: CURVES[alg] })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return [privateKey, publicKey.export({ format: 'jwk' })];
}

const NOW = 1_500_000_000;
const SPREAD = {
  plain: [{ sub: 'someone' }, {}, {}],
  times: [{ sub: 'someone', nbf: NOW, exp: NOW + 60 }, {}, { now: NOW }],
  names: [
    { nonce: 'n', deep: { list: [1, null, true] }, ü: 'é' },
    { issuer: 'https://issuer.example', audience: ['api', 'other'], subject: 's', jwtid: 'j' },
    { iss: 'https://issuer.example', aud: 'api', sub: 's', jti: 'j', nonce: 'n' },
  ],
  header: [{ sub: 'someone' }, { header: { typ: 'at+jwt' } }, { typ: 'at+jwt' }],
};

async function write(cases) {
  for (const alg of JWS) {
    const [secret, key] = keys(alg);
    for (const [name, [claims, signing, options]] of Object.entries(SPREAD)) {
      const token = jwt.sign(claims, secret, {
        algorithm: alg,
        noTimestamp: true,
        keyid: 'k',
        ...signing,
      });
      // What `sign` adds to the claims is what it was told to.
      const { issuer: iss, audience: aud, subject: sub, jwtid: jti } = signing;
      const named = Object.entries({ iss, aud, sub, jti }).filter(([, value]) => value !== undefined);
      const all = { ...claims, ...Object.fromEntries(named) };
      cases.add(`jwt/${alg}/${name}`, 'jwt.verify', {
        key,
        jwt: token,
        algs: [alg],
        options,
        claims: all,
      });
    }
  }
}

await main('jsonwebtoken (npm)', { 'jwt.verify': verify }, write);
