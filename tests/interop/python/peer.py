"""A vector file for implementations in Python: read, with one answer a line, or written."""

import base64
import json
import secrets
import sys

JWS = {
    "oct": ["HS256", "HS384", "HS512"],
    "RSA": ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
    "P-256": ["ES256"],
    "P-384": ["ES384"],
    "P-521": ["ES512"],
    "secp256k1": ["ES256K"],
    "Ed25519": ["Ed25519", "EdDSA"],
    "Ed448": ["Ed448", "EdDSA"],
}
AGREEMENT = ["ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW"]
JWE = {
    "oct": ["dir", "A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW"],
    "RSA": ["RSA-OAEP", "RSA-OAEP-256"],
    **{curve: AGREEMENT for curve in ("P-256", "P-384", "P-521", "X25519", "X448")},
}
PASSWORD = ["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"]
ENC = ["A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"]
KEYS = [
    ("RSA", 2048),
    *(("EC", crv) for crv in ("P-256", "P-384", "P-521", "secp256k1")),
    *(("OKP", crv) for crv in ("Ed25519", "Ed448", "X25519", "X448")),
]
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "priv"}


OPERATIONS = {}


def operation(name):
    """The function answers the cases of this operation."""

    def register(function):
        OPERATIONS[name] = function
        return function

    return register


def b64u(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def octets(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def header_of(message):
    """The headers of a compact or JSON message, one object a signature or recipient."""
    if isinstance(message, str):
        return [json.loads(octets(message.split(".")[0]))]
    parts = message.get("signatures") or message.get("recipients") or [{}]
    shared = {**message.get("unprotected", {}), **message.get("header", {})}
    protected = [part.get("protected", message.get("protected")) for part in parts]
    return [
        {**shared, **part.get("header", {}), **(json.loads(octets(text)) if text else {})}
        for part, text in zip(parts, protected)
    ]


def in_form(message, asked):
    """A message of one signature, which some always write flattened, in the form that was asked for."""
    if asked.get("detached"):
        message.pop("payload", None)
    if asked["form"] == "general" and "signatures" not in message:
        one = {
            name: message.pop(name) for name in ("protected", "header", "signature") if name in message
        }
        message["signatures"] = [one]
    return message


def allowed(asked, table, key="key"):
    """What the caller allows: as the case says, or what the key states, or what its type serves."""
    if "algs" in asked:
        return asked["algs"]
    algs = []
    for jwk in asked[key].get("keys", [asked[key]]):
        stated = jwk.get("alg")
        # A key for one content encryption is used directly.
        algs += (
            table.get(jwk.get("crv", jwk.get("kty")), [])
            if stated is None
            else ["dir" if stated in ENC else stated]
        )
    return algs


def public(jwk):
    return jwk if jwk["kty"] == "oct" else {name: jwk[name] for name in jwk if name not in PRIVATE}


def random_key(bits):
    return {"kty": "oct", "k": b64u(secrets.token_bytes(bits // 8))}


def content_key_bits(enc):
    return int(enc[1:4]) * (2 if "CBC" in enc else 1)


def key_bits(alg):
    """Of a symmetric key for HMAC or key wrap."""
    return int(alg[2:] if alg.startswith("HS") else alg[1:4])


class Cases:
    """The cases of a file that is written."""

    SIZES = [0, 1, 15, 16, 17, 1000]
    CLAIMS = {"iss": "https://issuer.example", "aud": ["api"], "exp": 2_000_000_000, "n": 1.5, "ü": "é"}
    OPTIONS = {"now": 1_500_000_000, "iss": "https://issuer.example", "aud": "api"}

    def __init__(self):
        self.cases = []

    def payload(self):
        """All sizes come up in turn."""
        return bytes(7 * i & 255 for i in range(self.SIZES[len(self.cases) % len(self.SIZES)]))

    def add(self, name, op, **members):
        self.cases.append({"id": name, "op": op, "result": "valid", **members})

    def verify(self, name, key, jws, payload, **members):
        self.add(name, "jws.verify", key=key, jws=jws, payload_b64u=b64u(payload), **members)

    def decrypt(self, name, key, jwe, plaintext, **members):
        self.add(name, "jwe.decrypt", key=key, jwe=jwe, plaintext_b64u=b64u(plaintext), **members)


def main(source, write):
    """`read FILE`, or `write`, with a function that fills `Cases`."""
    if sys.argv[1] == "write":
        written = Cases()
        write(written)
        print(json.dumps({"source": source, "cases": written.cases}))
        return
    with open(sys.argv[2], encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    for asked in cases:
        try:
            answer = {"output": OPERATIONS[asked["op"]](asked)}
        except Exception as error:  # Whatever it raises, it refuses.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": asked["id"], **answer}))
