//! `at_hash`, `c_hash` and `s_hash` (OpenID Connect Core 1.0 section 3.1.3.6).

use jose_b64::base64url;
use jose_b64::json::Str;
use jose_jwa::{Hash, JwsAlg, JwsFamily};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Whether the claim is base64url of the left half of the value's digest, by the hash function of the algorithm.
///
/// Ed25519 hashes with SHA-512 inside, which is what is taken for it. For an algorithm without such a hash function no
/// claim is right.
pub(super) fn is_left_half(alg: Option<JwsAlg>, value: &str, claim: Str<'_>) -> bool {
    let Some(alg) = alg else { return false };
    let hash = match alg.family() {
        JwsFamily::EdDsa if alg != JwsAlg::Ed448 => Some(Hash::Sha512),
        _ => alg.hash(),
    };
    match hash {
        Some(Hash::Sha256) => is_half_of(&Sha256::digest(value), claim),
        Some(Hash::Sha384) => is_half_of(&Sha384::digest(value), claim),
        Some(Hash::Sha512) => is_half_of(&Sha512::digest(value), claim),
        _ => false,
    }
}

fn is_half_of(digest: &[u8], claim: Str<'_>) -> bool {
    digest.get(..digest.len() / 2).is_some_and(|half| claim == *base64url::encode_to_string(half))
}
