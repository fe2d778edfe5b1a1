"""The package `joserfc`."""

import json
import warnings

from joserfc import jwe, jwk, jws, jwt
from joserfc.jwk import KeySet
from joserfc.registry import HeaderParameter

import peer
from peer import b64u, octets, operation

# Deprecated algorithms warn; what is asked for is known.
warnings.simplefilter("ignore")


class Signatures(jws.JWSRegistry):
    """The sizes are the caller's business."""

    max_header_length = max_payload_length = max_signature_length = 1 << 20


class Encryption(jwe.JWERegistry):
    """The sizes are the caller's business."""

    max_protected_header_length = max_encrypted_key_length = max_ciphertext_length = max_aad_length = (
        1 << 20
    )


def registry(kind, asked, algorithms):
    """Parameters that are not known are ignored (RFC 7515 section 4), and those of the caller understood."""
    known = {name: HeaderParameter(name, lambda _: None) for name in asked.get("crit", [])}
    return kind(header_registry=known, algorithms=algorithms, strict_check_header=False)


def load(key):
    if "keys" in key:
        return KeySet.import_key_set(key)
    return jwk.import_key(key)


@operation("jws.verify")
def verify(asked):
    rules = registry(Signatures, asked, peer.allowed(asked, peer.JWS))
    token, key = asked["jws"], load(asked["key"])
    detached = asked.get("detached_payload_b64u")
    if isinstance(token, str):
        payload = None if detached is None else octets(detached)
        return {
            "payload_b64u": b64u(
                jws.deserialize_compact(token, key, registry=rules, payload=payload).payload
            )
        }
    if detached is not None:
        plain = any(header.get("b64") is False for header in peer.header_of(token))
        token = {**token, "payload": octets(detached).decode() if plain else detached}
    return {"payload_b64u": b64u(jws.deserialize_json(token, key, registry=rules).payload)}


@operation("jws.sign")
def sign(asked):
    payload = octets(asked["payload_b64u"])
    parts = asked["signatures"]
    members = []
    for part in parts:
        protected = json.loads(part["protected_text"]) if "protected_text" in part else None
        members.append(
            {"protected": protected, **({"header": part["header"]} if "header" in part else {})}
        )
    algs = [
        part.get("header", {}).get("alg") or member["protected"]["alg"]
        for part, member in zip(parts, members)
    ]
    rules = Signatures(algorithms=algs, strict_check_header=False)
    keys = [load(part["key"]) for part in parts]
    if asked["form"] == "compact":
        token = jws.serialize_compact(members[0]["protected"], payload, keys[0], registry=rules)
    elif asked["form"] == "flattened":
        token = jws.serialize_json(members[0], payload, keys[0], registry=rules)
    else:
        by_header = dict(zip(algs, keys))
        token = jws.serialize_json(
            members, payload, lambda part: by_header[part.headers()["alg"]], registry=rules
        )
    if asked.get("detached"):
        token = jws.detach_content(token)
        if not isinstance(token, str):
            token.pop("payload", None)
    return {"jws": token}


def encryption(asked, key="key"):
    algs = peer.allowed(asked, peer.JWE, key)
    # The name of the compression is an algorithm like the others.
    names = algs + asked.get("encs", peer.ENC) + (["DEF"] if asked.get("zip") else [])
    rules = registry(Encryption, asked, names)
    # One recipient that succeeds is enough.
    rules.verify_all_recipients = False
    return rules


@operation("jwe.decrypt")
def decrypt(asked):
    token, key, rules = asked["jwe"], load(asked["key"]), encryption(asked)
    if isinstance(token, str):
        return {"plaintext_b64u": b64u(jwe.decrypt_compact(token, key, registry=rules).plaintext)}
    return {"plaintext_b64u": b64u(jwe.decrypt_json(token, key, registry=rules).plaintext)}


@operation("jwt.verify")
def token(asked):
    text = asked["jwt"]
    rules = registry(Signatures, {}, peer.allowed(asked, peer.JWS) if "key" in asked else [])
    if "decryption_key" in asked:
        outer, secret = encryption(asked, "decryption_key"), load(asked["decryption_key"])
        if "key" in asked:
            text = jwe.decrypt_compact(text, secret, registry=outer).plaintext
            decoded = jwt.decode(text, load(asked["key"]), registry=rules)
        else:
            decoded = jwt.decode(text, secret, registry=outer)
    else:
        decoded = jwt.decode(text, load(asked["key"]), registry=rules)
    options = asked.get("options", {})
    wanted = {name: {"essential": True} for name in options.get("required", [])}
    for name in ("iss", "aud", "sub", "jti", "nonce"):
        if name in options:
            value = options[name]
            wanted[name] = {"essential": True, "values": value if isinstance(value, list) else [value]}
    jwt.JWTClaimsRegistry(now=options.get("now"), leeway=options.get("leeway", 0), **wanted).validate(
        decoded.claims
    )
    return {"claims": decoded.claims}


@operation("jwk.parse")
def parse(asked):
    load(asked["key"])
    return {}


REQUIRED = {
    "oct": "k kty",
    "RSA": "e kty n",
    "EC": "crv kty x y",
    "OKP": "crv kty x",
    "AKP": "alg kty pub",
}


@operation("jwk.thumbprint")
def thumbprint(asked):
    digest, key = asked["hash"].replace("SHA-", "sha"), asked["key"]
    # The members that count are for the caller to choose.
    chosen = {name: key[name] for name in REQUIRED[key["kty"]].split()}
    return {
        "thumbprint_b64u": jwk.thumbprint(chosen, digest_method=digest),
        "uri": jwk.thumbprint_uri(chosen, digest_method=digest),
    }


@operation("jwk.import")
def import_key(asked):
    data = asked["pem"].encode() if "pem" in asked else octets(asked["der_b64u"])
    # Of an encoding alone, the library would rather have a password than an error.
    for kind in ("RSA", "EC", "OKP"):
        try:
            return {"key": members(jwk.import_key(data, kind))}
        except Exception as error:
            refused = error
    raise refused


def members(key, private=None):
    """Those of the key material: the library adds a `kid` where it was asked for one."""
    exported = key.as_dict(private=key.is_private if private is None else private)
    return {name: value for name, value in exported.items() if name != "kid"}


@operation("jwk.export")
def export_key(asked):
    key, private = load(asked["key"]), asked["format"] == "pkcs8"
    return {"pem": key.as_pem(private=private).decode(), "der_b64u": b64u(key.as_der(private=private))}


def write(cases):
    for kind, option in peer.KEYS:
        key = jwk.generate_key(kind, option)
        private, public = members(key), members(key, private=False)
        name = option if kind != "RSA" else kind
        for exported, format_, jwk_ in ((True, "pkcs8", private), (False, "spki", public)):
            pem, der = key.as_pem(private=exported).decode(), b64u(key.as_der(private=exported))
            cases.add(f"jwk/{name}/{format_}", "jwk.import", pem=pem, format=format_, key=jwk_)
            cases.add(f"jwk/{name}/{format_}-der", "jwk.import", der_b64u=der, format=format_, key=jwk_)
        for size in (256, 384, 512):
            value = jwk.thumbprint(public, digest_method=f"sha{size}")
            uri = jwk.thumbprint_uri(public, digest_method=f"sha{size}")
            cases.add(
                f"jwk/{name}/SHA-{size}",
                "jwk.thumbprint",
                key=public,
                hash=f"SHA-{size}",
                thumbprint_b64u=value,
                uri=uri,
            )
        for alg in peer.JWS.get(name, []):
            write_signed(cases, f"{alg}/{name}" if alg == "EdDSA" else alg, alg, key, public)
        for alg in peer.JWE.get(name, []):
            write_encrypted(cases, f"{alg}/{name}", alg, key, private)
    for alg in peer.JWS["oct"]:
        key = jwk.generate_key("oct", peer.key_bits(alg))
        write_signed(cases, alg, alg, key, members(key))
    for alg in peer.JWE["oct"]:
        for enc in peer.ENC:
            key = jwk.generate_key(
                "oct", peer.content_key_bits(enc) if alg == "dir" else peer.key_bits(alg)
            )
            write_one(cases, f"{alg}/{enc}", alg, enc, key, members(key))
    password = jwk.import_key(b"correct horse battery staple", "oct")
    for alg in peer.PASSWORD:
        write_encrypted(cases, alg, alg, password, members(password))
    write_forms(cases)


def write_signed(cases, name, alg, key, public):
    payload, algs = cases.payload(), [alg]
    compact = jws.serialize_compact({"alg": alg}, payload, key, algs)
    cases.verify(f"jws/{name}/compact", public, compact, payload, algs=algs)
    detached = jws.detach_content(compact)
    if payload:
        cases.verify(
            f"jws/{name}/detached",
            public,
            detached,
            payload,
            algs=algs,
            detached_payload_b64u=b64u(payload),
        )
    flattened = jws.serialize_json(
        {"protected": {"alg": alg}, "header": {"kid": "k"}}, payload, key, algs
    )
    cases.verify(f"jws/{name}/flattened", public, flattened, payload, algs=algs)
    parts = [{"protected": {"alg": alg}}, {"protected": {"alg": alg, "kid": "second"}}]
    general = jws.serialize_json(parts, payload, key, algs)
    cases.verify(f"jws/{name}/general", public, general, payload, algs=algs, require="all")
    plain = {"alg": alg, "b64": False, "crit": ["b64"]}
    flattened = jws.serialize_json({"protected": plain}, b"$.02", key, algs)
    cases.verify(f"jws/{name}/b64-false", public, flattened, b"$.02", algs=algs)
    # With a dot in it, the payload is detached by itself.
    compact = jws.serialize_compact(plain, b"$.02", key, algs)
    cases.verify(
        f"jws/{name}/b64-detached",
        public,
        compact,
        b"$.02",
        algs=algs,
        detached_payload_b64u=b64u(b"$.02"),
    )
    text = jwt.encode({"alg": alg}, dict(cases.CLAIMS), key, algs)
    cases.add(
        f"jwt/{name}",
        "jwt.verify",
        key=public,
        jwt=text,
        algs=algs,
        options=cases.OPTIONS,
        claims=cases.CLAIMS,
    )


def write_encrypted(cases, name, alg, key, private):
    for enc in peer.ENC:
        write_one(cases, f"{name}/{enc}", alg, enc, key, private)


def write_one(cases, name, alg, enc, key, private):
    plaintext = cases.payload()
    token = jwe.encrypt_compact({"alg": alg, "enc": enc}, plaintext, key, [alg, enc])
    cases.decrypt(f"jwe/{name}", private, token, plaintext, algs=[alg])


def write_forms(cases):
    key, wrap = jwk.generate_key("EC", "P-256"), jwk.generate_key("oct", 256)
    private, plaintext = members(key), b"A JSON serialization"
    agree = "ECDH-ES+A128KW"
    algs = [agree, "ECDH-ES", "A256KW", "A128GCM", "A256GCM", "A256CBC-HS512", "DEF"]
    one = jwe.FlattenedJSONEncryption({"enc": "A128GCM"}, plaintext, {"alg": agree})
    one.add_recipient(None, key)
    cases.decrypt("jwe/flattened", private, jwe.encrypt_json(one, key, algs), plaintext)
    one = jwe.FlattenedJSONEncryption({"enc": "A128GCM"}, plaintext, None, b"aad")
    one.add_recipient({"alg": agree}, key)
    cases.decrypt("jwe/flattened-aad", private, jwe.encrypt_json(one, key, algs), plaintext)
    several = jwe.GeneralJSONEncryption({"enc": "A256CBC-HS512"}, plaintext)
    several.add_recipient({"alg": agree}, key)
    several.add_recipient({"alg": "A256KW"}, wrap)
    written = jwe.encrypt_json(several, None, algs)
    cases.decrypt("jwe/general-first", private, written, plaintext)
    cases.decrypt("jwe/general-second", members(wrap), written, plaintext)
    parties = {"alg": "ECDH-ES", "enc": "A256GCM", "apu": b64u(b"Alice"), "apv": b64u(b"Bob")}
    cases.decrypt("jwe/apu-apv", private, jwe.encrypt_compact(parties, plaintext, key, algs), plaintext)
    zipped = {"alg": agree, "enc": "A128GCM", "zip": "DEF"}
    cases.decrypt(
        "jwe/zip", private, jwe.encrypt_compact(zipped, plaintext, key, algs), plaintext, zip=True
    )
    outer = jwe.JWERegistry(algorithms=algs)
    text = jwt.encode({"alg": agree, "enc": "A128GCM"}, dict(cases.CLAIMS), key, registry=outer)
    cases.add(
        "jwt/encrypted",
        "jwt.verify",
        decryption_key=private,
        jwt=text,
        options=cases.OPTIONS,
        claims=cases.CLAIMS,
    )


if __name__ == "__main__":
    peer.main("joserfc (PyPI)", write)
