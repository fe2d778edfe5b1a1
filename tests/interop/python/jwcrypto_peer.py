"""The package `jwcrypto`."""

import json
from unittest import mock

from cryptography.hazmat.primitives import hashes
from jwcrypto import jwa, jwe, jwk, jws, jwt
from jwcrypto.common import JWSEHeaderParameter

import peer
from peer import b64u, octets, operation

# How much work is too much is for the caller to say.
jwa.default_max_pbkdf2_iterations = 1_000_000


def load(key):
    if "keys" in key:
        return jwk.JWKSet.from_json(json.dumps(key))
    return jwk.JWK(**key)


def understood(asked):
    """Extensions that the caller understands; they need not be integrity protected."""
    return {name: JWSEHeaderParameter(name, False, True, None) for name in asked.get("crit", [])}


def message(asked, name):
    value = asked.get(name, asked.get(f"{name}_text"))
    return value if isinstance(value, str) else json.dumps(value)


@operation("jws.verify")
def verify(asked):
    token = jws.JWS(header_registry=understood(asked))
    token.allowed_algs = peer.allowed(asked, peer.JWS)
    token.deserialize(message(asked, "jws"))
    detached = asked.get("detached_payload_b64u")
    token.verify(load(asked["key"]), detached_payload=None if detached is None else octets(detached))
    payload = token.objects["payload"] if detached is None else octets(detached)
    return {"payload_b64u": b64u(payload.encode() if isinstance(payload, str) else payload)}


@operation("jws.sign")
def sign(asked):
    payload = octets(asked["payload_b64u"])
    # A payload that stands in the message as it is must be text.
    plain = any('"b64":false' in part.get("protected_text", "") for part in asked["signatures"])
    token = jws.JWS(payload.decode() if plain else payload)
    for part in asked["signatures"]:
        header = json.dumps(part["header"]) if "header" in part else None
        key = load(part["key"])
        protected = part.get("protected_text")
        token.allowed_algs = [
            json.loads(text)["alg"] for text in (protected, header) if text and "alg" in text
        ]
        token.add_signature(key, protected=protected, header=header)
    if asked.get("detached"):
        token.detach_payload()
    compact = asked["form"] == "compact"
    text = token.serialize(compact=compact)
    if compact:
        return {"jws": text}
    return {"jws": peer.in_form(json.loads(text), asked)}


@operation("jwe.decrypt")
def decrypt(asked):
    algs = peer.allowed(asked, peer.JWE) + asked.get("encs", peer.ENC)
    token = jwe.JWE(algs=algs, header_registry=understood(asked))
    token.deserialize(message(asked, "jwe"))
    token.decrypt(load(asked["key"]))
    return {"plaintext_b64u": b64u(token.payload)}


@operation("jwt.verify")
def token(asked):
    options = asked.get("options", {})
    checks = {name: options[name] for name in ("iss", "aud", "sub", "jti", "nonce") if name in options}
    for name in options.get("required", []):
        checks.setdefault(name, None)
    for name in ("exp", "nbf"):
        if checks:
            # Once anything is asked for, times are looked at on request only, and must then be there.
            found = f'"{name}"' in claims_text(asked)
            checks.update({name: None} if found else {})
    text = asked["jwt"]
    with mock.patch("time.time", lambda: options.get("now", 0)):
        if "decryption_key" in asked:
            algs = peer.allowed(asked, peer.JWE, "decryption_key") + peer.ENC
            if "key" not in asked:
                return checked(text, asked["decryption_key"], algs, checks, options, "JWE")
            outer = jwe.JWE(algs=algs)
            outer.deserialize(text, load(asked["decryption_key"]))
            text = outer.payload.decode()
        return checked(text, asked["key"], peer.allowed(asked, peer.JWS), checks, options, "JWS")


def claims_text(asked):
    """The claims, where they can be seen without a key."""
    parts = asked["jwt"].split(".")
    return octets(parts[1]).decode(errors="replace") if len(parts) == 3 else '"exp" "nbf"'


def checked(text, key, algs, checks, options, kind):
    verified = jwt.JWT(
        algs=algs, check_claims=checks or None, expected_type=kind, strict_serialization=True
    )
    verified.leeway = options.get("leeway", 0)
    verified.deserialize(text, load(key))
    return {"claims": json.loads(verified.claims)}


@operation("jwk.parse")
def parse(asked):
    text = asked.get("key_text") or json.dumps(asked["key"])
    if '"keys"' in text:
        jwk.JWKSet.from_json(text)
    else:
        key = jwk.JWK.from_json(text)
        # The members are looked at when the underlying library's key is made.
        if key["kty"] != "oct":
            key.export_to_pem(private_key=key.has_private, password=None)
    return {}


HASHES = {"SHA-256": hashes.SHA256, "SHA-384": hashes.SHA384, "SHA-512": hashes.SHA512}


@operation("jwk.thumbprint")
def thumbprint(asked):
    key = load(asked["key"])
    return {
        "thumbprint_b64u": key.thumbprint(HASHES[asked["hash"]]()),
        "uri": key.thumbprint_uri(asked["hash"].lower()),
    }


@operation("jwk.import")
def import_key(asked):
    return {"key": members(jwk.JWK.from_pem(asked["pem"].encode()))}


def members(key):
    """Those of the key material: the library adds a `kid`."""
    return {name: value for name, value in key.export(as_dict=True).items() if name != "kid"}


@operation("jwk.export")
def export_key(asked):
    private = asked["format"] == "pkcs8"
    key = load(asked["key"])
    return {"pem": key.export_to_pem(private_key=private, password=None).decode()}


def make(kind, **more):
    key = jwk.JWK.generate(kty=kind, **more)
    return key, key.export(as_dict=True), key.export_public(as_dict=True) if kind != "oct" else None


def write(cases):
    for kind, option in peer.KEYS:
        key, private, public = make(kind, **{"size" if kind == "RSA" else "crv": option})
        name = option if kind != "RSA" else kind
        for exported, format_, jwk_ in ((True, "pkcs8", key), (False, "spki", jwk.JWK(**public))):
            pem = key.export_to_pem(private_key=exported, password=None).decode()
            cases.add(f"jwk/{name}/{format_}", "jwk.import", pem=pem, format=format_, key=members(jwk_))
        for text, hash_ in HASHES.items():
            uri = key.thumbprint_uri(text.lower())
            cases.add(
                f"jwk/{name}/{text}",
                "jwk.thumbprint",
                key=public,
                hash=text,
                thumbprint_b64u=key.thumbprint(hash_()),
                uri=uri,
            )
        for alg in peer.JWS.get(name, []):
            write_signed(cases, f"{alg}/{name}" if alg == "EdDSA" else alg, alg, key, public)
        for alg in peer.JWE.get(name, []):
            write_encrypted(cases, f"{alg}/{name}", alg, key, private)
    for alg in peer.JWS["oct"]:
        key, private, _ = make("oct", size=peer.key_bits(alg))
        write_signed(cases, alg, alg, key, private)
    for alg in ("ML-DSA-44", "ML-DSA-65", "ML-DSA-87"):
        key, _, public = make("AKP", alg=alg)
        write_signed(cases, alg, alg, key, public)
    for alg in peer.JWE["oct"]:
        for enc in peer.ENC:
            bits = peer.content_key_bits(enc) if alg == "dir" else peer.key_bits(alg)
            key, private, _ = make("oct", size=bits)
            write_one(cases, f"{alg}/{enc}", alg, enc, key, private)
    password = jwk.JWK.from_password("correct horse battery staple")
    for alg in peer.PASSWORD:
        write_encrypted(cases, alg, alg, password, password.export(as_dict=True))
    write_forms(cases)


def write_signed(cases, name, alg, key, public):
    def signed(payload, protected, **more):
        one = jws.JWS(payload)
        one.allowed_algs = [alg]
        one.add_signature(key, protected=json.dumps(protected), **more)
        return one

    payload = cases.payload()
    cases.verify(
        f"jws/{name}/compact",
        public,
        signed(payload, {"alg": alg}).serialize(compact=True),
        payload,
        algs=[alg],
    )
    one = signed(payload, {"typ": "x"}, header=json.dumps({"alg": alg, "kid": "k"}))
    cases.verify(f"jws/{name}/flattened", public, json.loads(one.serialize()), payload, algs=[alg])
    one.add_signature(key, protected=json.dumps({"alg": alg, "kid": "second"}))
    general = json.loads(one.serialize())
    cases.verify(f"jws/{name}/general", public, general, payload, algs=[alg], require="all")
    # A payload that stands in the message as it is must be text.
    one = signed("$.02", {"alg": alg, "b64": False, "crit": ["b64"]})
    cases.verify(f"jws/{name}/b64-false", public, json.loads(one.serialize()), b"$.02", algs=[alg])
    one.detach_payload()
    detached = b64u(b"$.02")
    compact = one.serialize(compact=True)
    cases.verify(
        f"jws/{name}/b64-detached", public, compact, b"$.02", algs=[alg], detached_payload_b64u=detached
    )
    signed_token = jwt.JWT(header={"alg": alg}, claims=cases.CLAIMS, algs=[alg])
    signed_token.make_signed_token(key)
    text = signed_token.serialize()
    cases.add(
        f"jwt/{name}",
        "jwt.verify",
        key=public,
        jwt=text,
        algs=[alg],
        options=cases.OPTIONS,
        claims=cases.CLAIMS,
    )


def write_encrypted(cases, name, alg, key, private):
    for enc in peer.ENC:
        write_one(cases, f"{name}/{enc}", alg, enc, key, private)


def write_one(cases, name, alg, enc, key, private):
    plaintext = cases.payload()
    one = jwe.JWE(plaintext, json.dumps({"alg": alg, "enc": enc}), algs=[alg, enc])
    one.add_recipient(key)
    cases.decrypt(f"jwe/{name}", private, one.serialize(compact=True), plaintext, algs=[alg])


def write_forms(cases):
    key, private, _ = make("EC", crv="P-256")
    wrap, secret, _ = make("oct", size=256)
    plaintext = b"A JSON serialization"
    agree, recipient = "ECDH-ES+A128KW", json.dumps({"alg": "ECDH-ES+A128KW"})

    def encrypted(protected, **more):
        return jwe.JWE(plaintext, json.dumps(protected), **more)

    flattened = encrypted({"enc": "A128GCM"}, unprotected=recipient)
    flattened.add_recipient(key)
    cases.decrypt("jwe/flattened", private, json.loads(flattened.serialize()), plaintext)
    flattened = encrypted({"enc": "A128GCM"}, aad=b"aad")
    flattened.add_recipient(key, header=recipient)
    cases.decrypt("jwe/flattened-aad", private, json.loads(flattened.serialize()), plaintext)
    general = encrypted({"enc": "A256CBC-HS512"})
    general.add_recipient(key, header=recipient)
    general.add_recipient(wrap, header=json.dumps({"alg": "A256KW"}))
    written = json.loads(general.serialize())
    cases.decrypt("jwe/general-first", private, written, plaintext)
    cases.decrypt("jwe/general-second", secret, written, plaintext)
    parties = {"alg": "ECDH-ES", "enc": "A256GCM", "apu": b64u(b"Alice"), "apv": b64u(b"Bob")}
    for name, protected, more in (
        ("apu-apv", parties, {}),
        ("zip", {"alg": agree, "enc": "A128GCM", "zip": "DEF"}, {"zip": True}),
    ):
        one = encrypted(protected)
        one.add_recipient(key)
        cases.decrypt(f"jwe/{name}", private, one.serialize(compact=True), plaintext, **more)
    token = jwt.JWT(header={"alg": agree, "enc": "A128GCM"}, claims=cases.CLAIMS)
    token.make_encrypted_token(key)
    text = token.serialize()
    cases.add(
        "jwt/encrypted",
        "jwt.verify",
        decryption_key=private,
        jwt=text,
        options=cases.OPTIONS,
        claims=cases.CLAIMS,
    )


if __name__ == "__main__":
    peer.main("jwcrypto (PyPI)", write)
