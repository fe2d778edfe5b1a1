//! `jwk.parse`, `jwk.thumbprint` and `jwk.import`.

use jose_jwk::{Curve, Error, Hash, Jwk, JwsAlg, KeySpec, KeyType, PrivateFormat, PublicFormat};
use serde_json::json;

use super::{Cases, Keys, Result, encode, private, public};

pub(super) fn emit(cases: &mut Cases, keys: &Keys) -> Result {
    let curves = Curve::ALL.iter().map(|curve| (curve.as_str(), KeySpec::Curve(*curve)));
    let akp = JwsAlg::ALL.iter().filter(|alg| alg.key_type() == KeyType::Akp);
    let akp = akp.map(|alg| (alg.as_str(), KeySpec::Akp { alg: *alg }));
    let others = [("RSA", KeySpec::Rsa { bits: 2048 }), ("oct", KeySpec::Oct { len: 32 })];
    for (kind, spec) in others.into_iter().chain(curves).chain(akp) {
        let key = keys.generate(spec)?;
        cases.valid(&["jwk", kind, "private"], "jwk.parse", json!({ "key": private(&key)? }));
        if key.key_type() != KeyType::Oct {
            cases.valid(&["jwk", kind, "public"], "jwk.parse", json!({ "key": public(&key)? }));
            import(cases, kind, &key)?;
        }
        for hash in Hash::ALL.iter().filter(|hash| hash.name_rfc9278().is_some()) {
            let thumbprint = key.thumbprint(*hash)?;
            let members = json!({
                "key": public(&key)?, "hash": hash.as_str(),
                "thumbprint_b64u": encode(thumbprint.as_bytes()), "uri": thumbprint.uri(),
            });
            cases.valid(&["jwk", kind, "thumbprint", hash.as_str()], "jwk.thumbprint", members);
        }
    }
    Ok(())
}

/// The key in every form that has a place for its type.
fn import(cases: &mut Cases, kind: &str, key: &Jwk) -> Result {
    let forms =
        [("pkcs8", PrivateFormat::Pkcs8), ("pkcs1", PrivateFormat::Pkcs1), ("sec1", PrivateFormat::Sec1)];
    for (form, format) in forms {
        let (pem, der) = match (key.expose_private_pem(format), key.expose_private_der(format)) {
            (Err(Error::Unsupported(_)), _) => continue,
            (pem, der) => (pem?, der?),
        };
        let key = private(key)?;
        let members = json!({ "format": form, "pem": pem.as_str(), "key": key });
        cases.valid(&["jwk", kind, form, "pem"], "jwk.import", members);
        let members = json!({ "format": form, "der_b64u": encode(&der), "key": key });
        cases.valid(&["jwk", kind, form, "der"], "jwk.import", members);
    }
    let own = key.to_public()?;
    for (form, format) in [("spki", PublicFormat::Spki), ("pkcs1", PublicFormat::Pkcs1)] {
        let (pem, der) = match (own.to_pem(format), own.to_der(format)) {
            (Err(Error::Unsupported(_)), _) => continue,
            (pem, der) => (pem?, der?),
        };
        let key = public(key)?;
        let members = json!({ "format": form, "pem": pem, "key": key });
        cases.valid(&["jwk", kind, form, "public", "pem"], "jwk.import", members);
        let members = json!({ "format": form, "der_b64u": encode(&der), "key": key });
        cases.valid(&["jwk", kind, form, "public", "der"], "jwk.import", members);
    }
    Ok(())
}
