//! What key a name on the command line stands for.

use jose_jwt::jwa::KeyType;
use jose_jwt::{Curve, Hash, JweAlg, JweEnc, Jwk, JwsAlg, KeyAlg, KeySpec, SysRng};

use crate::failure::Failure;

/// An algorithm of a key, by its name.
pub(super) fn alg(name: &str) -> Result<KeyAlg, Failure> {
    let jws = JwsAlg::from_name(name).map(KeyAlg::from);
    let jwe = || JweAlg::from_name(name).map(KeyAlg::from);
    let enc = || JweEnc::from_name(name).map(KeyAlg::from);
    let unknown =
        || Failure::misuse(format!("{name:?} is no algorithm")).remedy("`josec algorithms` lists them");
    jws.or_else(jwe).or_else(enc).ok_or_else(unknown)
}

/// What kind of key a name stands for, and its `alg` where it is one.
pub(super) fn spec(name: &str, bits: usize, bytes: usize) -> Result<(KeySpec, Option<KeyAlg>), Failure> {
    let is = |other: &str| {
        let plain = |text: &str| text.replace(['-', '_'], "").to_ascii_lowercase();
        plain(name) == plain(other)
    };
    let (rsa, oct) = (KeySpec::Rsa { bits }, KeySpec::Oct { len: bytes });
    if is("rsa") || is("oct") {
        return Ok((if is("rsa") { rsa } else { oct }, None));
    }
    // Ed25519 and Ed448 are both: the curve does not tie the key to a name of its algorithm.
    if let Some(curve) = Curve::ALL.iter().find(|curve| is(curve.as_str())) {
        return Ok((KeySpec::Curve(*curve), None));
    }
    if let Some(alg) = JwsAlg::ALL.iter().copied().find(|alg| is(alg.as_str())) {
        let spec = match (alg.key_type(), alg.curve()) {
            (KeyType::Rsa, _) => rsa,
            (KeyType::Akp, _) => KeySpec::Akp { alg },
            (KeyType::Oct, _) => KeySpec::Oct { len: alg.min_key_len().unwrap_or(bytes).max(bytes) },
            (_, curve) => KeySpec::Curve(curve.unwrap_or(Curve::Ed25519)),
        };
        return Ok((spec, Some(alg.into())));
    }
    if let Some(alg) = JweAlg::ALL.iter().copied().find(|alg| is(alg.as_str())) {
        let spec = match (alg.key_type(), alg.kek_len()) {
            (Some(KeyType::Rsa), _) => rsa,
            (Some(KeyType::Oct), Some(len)) => KeySpec::Oct { len },
            (Some(KeyType::Oct), None) => oct,
            _ => KeySpec::Curve(Curve::P256),
        };
        return Ok((spec, Some(alg.into())));
    }
    if let Some(enc) = JweEnc::ALL.iter().copied().find(|enc| is(enc.as_str())) {
        return Ok((KeySpec::Oct { len: enc.cek_len() }, Some(enc.into())));
    }
    let message = format!("{name:?} is no curve, key type or algorithm");
    Err(Failure::misuse(message).remedy("`josec algorithms` lists them; `rsa` and `oct` are key types"))
}

/// Makes a key, and names it by its thumbprint.
pub(super) fn generate(spec: KeySpec) -> Result<Jwk, Failure> {
    let jwk = Jwk::generate(spec, &mut SysRng).map_err(|error| Failure::unfit(&error))?;
    jwk.with_thumbprint_kid(Hash::Sha256).map_err(|error| Failure::unfit(&error))
}
