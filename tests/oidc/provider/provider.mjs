// An OpenID Provider on loopback. The first line of the input is a JSON object with `clients`; the first line of the output is the
// issuer's URL. Then `rotate` puts a new key of each algorithm before the old ones, and is answered by `rotated`; `withdraw` drops all
// but the newest ones, and is answered by `withdrawn`. The end of the input ends it.

import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const ALGS = {
  RS256: ['rsa', { modulusLength: 2048 }],
  PS256: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }],
  EdDSA: ['ed25519', {}],
  Ed25519: ['ed25519', {}],
};
const signing = Object.keys(ALGS);

let round = 0;
const generation = () => {
  round += 1;
  return signing.map((alg) => {
    const { privateKey } = generateKeyPairSync(...ALGS[alg]);
    return { ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: `${alg}-${round}` };
  });
};

const configuration = (clients, keys) => ({
  clients,
  jwks: { keys },
  pkce: { required: () => true },
  scopes: ['openid', 'read'],
  responseTypes: ['code', 'code id_token token'],
  claims: { openid: ['sub', 'sid', 'auth_time'] },
  clientAuthMethods: ['private_key_jwt'],
  // A secret is no key of these tests.
  enabledJWA: {
    clientAuthSigningAlgValues: signing,
    idTokenSigningAlgValues: signing,
    requestObjectSigningAlgValues: signing,
    authorizationSigningAlgValues: signing,
    dPoPSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
    idTokenEncryptionAlgValues: ['ECDH-ES+A256KW', 'RSA-OAEP-256'],
    idTokenEncryptionEncValues: ['A256GCM', 'A256CBC-HS512'],
  },
  // The client's logout endpoint is on loopback too, which the protection against forged requests would refuse.
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  features: {
    devInteractions: { enabled: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    encryption: { enabled: true },
    jwtResponseModes: { enabled: true },
    requestObjects: { enabled: true, requireSignedRequestObject: false },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => undefined,
      useGrantedResource: () => true,
      // The last part of the resource's path is the algorithm of its tokens.
      getResourceServerInfo: (_, resource) => ({
        scope: 'read',
        audience: resource,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: resource.split('/').at(-1) } },
      }),
    },
  },
});

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { clients } = JSON.parse((await lines.next()).value);

let handle;
const server = createServer((request, response) => handle(request, response));
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const issuer = `http://127.0.0.1:${server.address().port}`;

// Sessions and grants are in the module's memory, which outlives a provider.
let keys = generation();
const serve = () => {
  const provider = new Provider(issuer, configuration(clients, keys));
  provider.on('server_error', (_, error) => console.error(error));
  provider.on('backchannel.error', (_, error) => console.error(error));
  handle = provider.callback();
};
serve();
console.log(issuer);

for await (const line of lines) {
  if (line === 'rotate') {
    keys = [...generation(), ...keys];
    serve();
    console.log('rotated');
  } else if (line === 'withdraw') {
    keys = keys.slice(0, signing.length);
    serve();
    console.log('withdrawn');
  }
}
process.exit(0);
