//! `jwa.*`: the primitives of RFC 7518 on bytes.

use jose_jwe::key_management::key_agreement::{derive, derives};
use jose_jwe::{Error, enc, hazmat};
use jose_jwk::{JweAlg, JweEnc, Jwk};

use super::{Fault, Yield, jwe, jwk};
use crate::vectors::{Case, Members};

fn enc(members: Members<'_>) -> Result<JweEnc, Fault> {
    members.text("enc")?.parse().map_err(|_| jwe::fault(Error::EncryptionUnknown))
}

/// Content encryption (RFC 7518 section 5) with a given CEK and IV.
pub(super) fn seal(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    let enc = enc(members)?;
    let (cek, iv) = (members.bytes("cek_b64u")?, members.bytes("iv_b64u")?);
    let (aad, mut buffer) = (members.bytes("aad_b64u")?, members.bytes("plaintext_b64u")?);
    let len = buffer.len();
    buffer.resize(enc::ciphertext_len(enc, len).unwrap_or_default(), 0);
    let sealed = hazmat::seal(enc, &cek, &iv, &aad, &mut buffer, len).map_err(jwe::fault)?;
    Ok(Yield::new().bytes("ciphertext_b64u", &buffer).bytes("tag_b64u", sealed.tag()))
}

/// ECDH-ES (RFC 7518 section 4.6) with a given ephemeral key.
pub(super) fn agree(case: &Case) -> Result<Yield, Fault> {
    let members = case.members();
    let alg: JweAlg = members.text("alg")?.parse().map_err(|_| jwe::fault(Error::AlgorithmUnknown))?;
    let derived = derives(alg, enc(members)?);
    let (id, len) = derived.ok_or_else(|| Fault::refused("algorithm", &"alg is not one of ECDH-ES"))?;
    let key = |name| Jwk::from_json(members.json_text(name)?).map_err(jwk::fault);
    let z = hazmat::agree(&key("epk")?, &key("key")?).map_err(jwe::fault)?;
    let party = |name| members.optional_bytes(name).map(Option::unwrap_or_default);
    let mut derived = vec![0; len];
    derive(z.expose(), id, &party("apu_b64u")?, &party("apv_b64u")?, &mut derived).map_err(jwe::fault)?;
    Ok(Yield::new().bytes("derived_b64u", &derived).bytes("z_b64u", z.expose()))
}
