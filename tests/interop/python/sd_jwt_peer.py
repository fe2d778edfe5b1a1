"""The package `sd-jwt`."""

import time

from jwcrypto.jwk import JWK
from peer import main, operation
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

ISSUER = "https://issuer.example"
AUDIENCE = "https://verifier.example"


@operation("sdjwt.verify")
def verify(asked):
    options = asked.get("options", {})

    def issuer_key(issuer, _header):
        # Whose key it is, is what the caller knows.
        if options.get("iss", issuer) != issuer:
            raise ValueError("another issuer")
        return JWK(**asked["key"])

    bound = options.get("key_binding")
    verifier = SDJWTVerifier(
        asked["sd_jwt"],
        issuer_key,
        options["aud"] if bound else None,
        options["nonce"] if bound else None,
    )
    return {"claims": verifier.get_verified_payload()}


def write(cases):
    issuer = JWK.generate(kty="EC", crv="P-256")
    holder = JWK.generate(kty="EC", crv="P-256")
    flat = {
        "iss": ISSUER,
        SDObj("given_name"): "Erika",
        SDObj("address"): {"country": "DE", "locality": "Köln"},
        "in": [SDObj("DE"), "FR"],
    }
    deep = {
        "iss": ISSUER,
        SDObj("address"): {SDObj("country"): "DE", SDObj("locality"): "Köln", "zip": 1},
        "in": [SDObj({SDObj("code"): "DE"}), "FR"],
    }
    address = {"country": "DE", "locality": "Köln"}
    rows = [
        ("nothing-hidden", {"iss": ISSUER, "n": 1.5}, {}, {"n": 1.5}),
        ("nothing-shown", flat, {}, {"in": ["FR"]}),
        (
            "some-shown",
            flat,
            {"address": True, "in": [True]},
            {"address": address, "in": ["DE", "FR"]},
        ),
        (
            "all-shown",
            flat,
            {"given_name": True, "address": True, "in": [True]},
            {"given_name": "Erika", "address": address, "in": ["DE", "FR"]},
        ),
        (
            "inside-of-another",
            deep,
            {"address": {"country": True}, "in": [{"code": True}]},
            {"address": {"country": "DE", "zip": 1}, "in": [{"code": "DE"}, "FR"]},
        ),
    ]
    for what, claims, disclose, seen in rows:
        for decoys in (False, True):
            for bound in (False, True):
                issued = SDJWTIssuer(claims, issuer, holder, add_decoy_claims=decoys)
                presenter = SDJWTHolder(issued.sd_jwt_issuance)
                options = {"now": int(time.time()), "iss": ISSUER, "typ": "example+sd-jwt"}
                if bound:
                    presenter.create_presentation(disclose, "n-1", AUDIENCE, holder)
                    # It takes the time of the system's clock.
                    options |= {"now": int(time.time()), "key_binding": True, "aud": AUDIENCE, "nonce": "n-1"}
                else:
                    presenter.create_presentation(disclose)
                name = f"sdjwt/ES256/{what}" + ("/decoys" if decoys else "") + ("/bound" if bound else "")
                cases.add(
                    name,
                    "sdjwt.verify",
                    key=issuer.export_public(as_dict=True),
                    algs=["ES256"],
                    sd_jwt=presenter.sd_jwt_presentation,
                    options=options,
                    claims={
                        "iss": ISSUER,
                        **seen,
                        "cnf": {"jwk": holder.export_public(as_dict=True)},
                    },
                )


main("sd-jwt (PyPI)", write)
