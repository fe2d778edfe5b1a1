"""latchset's command `jose`."""

import json
import subprocess
import tempfile
from pathlib import Path

import peer
from peer import b64u, octets, operation

FOLDER = Path(tempfile.mkdtemp())


def jose(*arguments, **files):
    """Runs the command; each named value is a file, whose name stands for it in the arguments."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (FOLDER / name).write_bytes(data)
    words = [str(FOLDER / word) if word in files else word for word in arguments]
    done = subprocess.run(["jose", *words], capture_output=True, timeout=20, check=False)
    if done.returncode != 0:
        raise ValueError(done.stderr.decode(errors="replace").strip() or f"status {done.returncode}")
    return done.stdout


def text(value):
    return value if isinstance(value, str) else json.dumps(value)


@operation("jws.verify")
def verify(asked):
    message = text(asked.get("jws", asked.get("jws_text")))
    arguments = ["jws", "ver", "-i", "MESSAGE", "-k", "KEY", "-O", "-"]
    files = {"MESSAGE": message, "KEY": json.dumps(asked["key"])}
    if "detached_payload_b64u" in asked:
        arguments += ["-I", "PAYLOAD"]
        files["PAYLOAD"] = octets(asked["detached_payload_b64u"])
    return {"payload_b64u": b64u(jose(*arguments, **files))}


@operation("jws.sign")
def sign(asked):
    arguments, files = ["jws", "sig", "-I", "PAYLOAD"], {"PAYLOAD": octets(asked["payload_b64u"])}
    for number, part in enumerate(asked["signatures"]):
        template = {"protected": json.loads(part["protected_text"])} if "protected_text" in part else {}
        template.update({"header": part["header"]} if "header" in part else {})
        arguments += ["-s", f"TEMPLATE{number}", "-k", f"KEY{number}"]
        files |= {f"TEMPLATE{number}": json.dumps(template), f"KEY{number}": json.dumps(part["key"])}
    if asked["form"] == "compact":
        signed = jose(*arguments, "-c", **files).decode()
        if asked.get("detached"):
            header, _, signature = signed.split(".")
            signed = f"{header}..{signature}"
        return {"jws": signed}
    return {"jws": peer.in_form(json.loads(jose(*arguments, **files)), asked)}


@operation("jwe.decrypt")
def decrypt(asked):
    message = text(asked.get("jwe", asked.get("jwe_text")))
    plaintext = jose(
        "jwe", "dec", "-i", "MESSAGE", "-k", "KEY", MESSAGE=message, KEY=json.dumps(asked["key"])
    )
    return {"plaintext_b64u": b64u(plaintext)}


@operation("jwk.thumbprint")
def thumbprint(asked):
    name = asked["hash"].replace("SHA-", "S")
    return {
        "thumbprint_b64u": jose("jwk", "thp", "-i", "KEY", "-a", name, KEY=json.dumps(asked["key"]))
        .decode()
        .strip()
    }


def make(**template):
    """A new key without `key_ops`, which would keep it from what is asked here, and its public part."""
    key = json.loads(jose("jwk", "gen", "-i", "TEMPLATE", TEMPLATE=json.dumps(template)))
    key.pop("key_ops", None)
    key.pop("alg", None)
    return key, peer.public(key)


CURVES = ["P-256", "P-384", "P-521"]


def implemented(algs):
    """The builds differ."""
    known = jose("alg").decode().split()
    return [alg for alg in algs if alg in known]


def write(cases):
    keys = {crv: make(kty="EC", crv=crv) for crv in CURVES} | {"RSA": make(kty="RSA", bits=2048)}
    for name, (key, public) in keys.items():
        for size in (256, 384, 512):
            value = (
                jose("jwk", "thp", "-i", "KEY", "-a", f"S{size}", KEY=json.dumps(public))
                .decode()
                .strip()
            )
            cases.add(
                f"jwk/{name}/{size}",
                "jwk.thumbprint",
                key=public,
                hash=f"SHA-{size}",
                thumbprint_b64u=value,
            )
        for alg in implemented(peer.JWS[name]):
            write_signed(cases, alg, key, public)
        for alg in implemented([*peer.JWE[name], *(["RSA1_5"] if name == "RSA" else [])]):
            for enc in peer.ENC:
                write_encrypted(cases, f"{alg}/{name}/{enc}", alg, enc, key)
    for alg in peer.JWS["oct"]:
        key, public = make(kty="oct", bytes=peer.key_bits(alg) // 8)
        write_signed(cases, alg, key, public)
    for alg in peer.JWE["oct"]:
        for enc in peer.ENC:
            bits = peer.content_key_bits(enc) if alg == "dir" else peer.key_bits(alg)
            key, _ = make(kty="oct", bytes=bits // 8)
            write_encrypted(cases, f"{alg}/{enc}", alg, enc, key)
    for alg in peer.PASSWORD:
        for enc in peer.ENC:
            key, _ = make(kty="oct", bytes=20)
            write_encrypted(cases, f"{alg}/{enc}", alg, enc, key)
    write_forms(cases)


def write_signed(cases, alg, key, public):
    payload = cases.payload()

    def signed(*more, templates=1):
        template = json.dumps(
            {"protected": {"alg": alg}, "header": {"kid": "k"}}
            if not more
            else {"protected": {"alg": alg}}
        )
        each = ["-s", "TEMPLATE", "-k", "KEY"] * templates
        return jose(
            "jws",
            "sig",
            "-I",
            "PAYLOAD",
            *each,
            *more,
            PAYLOAD=payload,
            TEMPLATE=template,
            KEY=json.dumps(key),
        ).decode()

    cases.verify(f"jws/{alg}/compact", public, signed("-c"), payload, algs=[alg])
    cases.verify(f"jws/{alg}/flattened", public, json.loads(signed()), payload, algs=[alg])
    cases.verify(
        f"jws/{alg}/general", public, json.loads(signed(templates=2)), payload, algs=[alg], require="all"
    )


def encrypted(plaintext, template, *recipients, compact=True):
    """A message to recipients, each a template and a key."""
    arguments, files = ["jwe", "enc", "-i", "TEMPLATE", "-I", "PLAIN"], {
        "TEMPLATE": json.dumps(template),
        "PLAIN": plaintext,
    }
    for number, (recipient, key) in enumerate(recipients):
        arguments += ["-r", f"RECIPIENT{number}", "-k", f"KEY{number}"]
        files |= {f"RECIPIENT{number}": json.dumps(recipient), f"KEY{number}": json.dumps(key)}
    return jose(*arguments, *(["-c"] if compact else []), **files).decode()


def write_encrypted(cases, name, alg, enc, key):
    plaintext = cases.payload()
    jwe = encrypted(plaintext, {"protected": {"alg": alg, "enc": enc}}, ({}, key))
    cases.decrypt(f"jwe/{name}", key, jwe, plaintext, algs=[alg])


def write_forms(cases):
    key, _ = make(kty="EC", crv="P-256")
    wrap, _ = make(kty="oct", bytes=32)
    plaintext, agree = b"A JSON serialization", {"header": {"alg": "ECDH-ES+A128KW"}}
    one = json.loads(
        encrypted(plaintext, {"protected": {"enc": "A128GCM"}}, (agree, key), compact=False)
    )
    cases.decrypt("jwe/flattened", key, one, plaintext)
    one = encrypted(
        plaintext, {"protected": {"enc": "A128GCM"}, "aad": b64u(b"aad")}, (agree, key), compact=False
    )
    cases.decrypt("jwe/flattened-aad", key, json.loads(one), plaintext)
    recipients = [(agree, key), ({"header": {"alg": "A256KW"}}, wrap)]
    several = json.loads(
        encrypted(plaintext, {"protected": {"enc": "A256CBC-HS512"}}, *recipients, compact=False)
    )
    cases.decrypt("jwe/general-first", key, several, plaintext)
    cases.decrypt("jwe/general-second", wrap, several, plaintext)
    parties = {"alg": "ECDH-ES", "enc": "A256GCM", "apu": b64u(b"Alice"), "apv": b64u(b"Bob")}
    cases.decrypt("jwe/apu-apv", key, encrypted(plaintext, {"protected": parties}, ({}, key)), plaintext)
    zipped = {"alg": "ECDH-ES+A128KW", "enc": "A128GCM", "zip": "DEF"}
    cases.decrypt(
        "jwe/zip", key, encrypted(plaintext, {"protected": zipped}, ({}, key)), plaintext, zip=True
    )


if __name__ == "__main__":
    peer.main("jose (latchset)", write)
