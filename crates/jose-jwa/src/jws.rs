//! The algorithms of JWS.

use crate::Status::{Deprecated, Optional, Recommended, RecommendedPlus, Required};
use crate::key::fits;
use crate::table::identifiers;
use crate::{AlgSet, Curve, Hash, KeyType, Status};

/// The kind of a JWS algorithm: what its rows have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JwsFamily {
    /// HMAC with SHA-2, RFC 7518 section 3.2.
    Hmac,
    /// RSASSA-PKCS1-v1_5, RFC 7518 section 3.3.
    RsaPkcs1,
    /// RSASSA-PSS with a salt as long as the digest, RFC 7518 section 3.5.
    RsaPss,
    /// ECDSA, the signature being `R` and `S` side by side, RFC 7518 section 3.4.
    Ecdsa,
    /// EdDSA, RFC 8037 section 3.1.
    EdDsa,
    /// ML-DSA with an empty context, RFC 9964.
    MlDsa,
}

identifiers! {
    /// A signature or MAC algorithm: the value of `alg` in the header of a JWS, and in a JWK for that use.
    ///
    /// `none` (RFC 7518 section 3.6) is not among them.
    enum JwsAlg "JWS algorithm": Row {
        /// The kind of algorithm.
        family: JwsFamily,
        /// The type of its keys.
        key_type: KeyType,
        /// The curves of its keys: one, two for `EdDSA`, none where keys have no curve.
        curves: &'static [Curve],
        /// The hash function that the signing input goes through. `None` for EdDSA and ML-DSA, which hash
        /// inside.
        hash: Option<Hash>,
        /// The length of a signature or MAC, in bytes. `None` where the key decides: RSA and `EdDSA`.
        signature_len: Option<usize>,
        /// The length, in bytes, that a secret key must at least have: a digest's (RFC 7518 section 3.2).
        /// `None` for all but HMAC.
        min_key_len: Option<usize>,
        /// What the registry asks of implementations.
        status: Status,
    }
    Hs256   "HS256"     "RFC 7518 section 3.2"   = hmac(Hash::Sha256, Required);
    Hs384   "HS384"     "RFC 7518 section 3.2"   = hmac(Hash::Sha384, Optional);
    Hs512   "HS512"     "RFC 7518 section 3.2"   = hmac(Hash::Sha512, Optional);
    Rs256   "RS256"     "RFC 7518 section 3.3"   = rsa(JwsFamily::RsaPkcs1, Hash::Sha256, Recommended);
    Rs384   "RS384"     "RFC 7518 section 3.3"   = rsa(JwsFamily::RsaPkcs1, Hash::Sha384, Optional);
    Rs512   "RS512"     "RFC 7518 section 3.3"   = rsa(JwsFamily::RsaPkcs1, Hash::Sha512, Optional);
    Ps256   "PS256"     "RFC 7518 section 3.5"   = rsa(JwsFamily::RsaPss, Hash::Sha256, Optional);
    Ps384   "PS384"     "RFC 7518 section 3.5"   = rsa(JwsFamily::RsaPss, Hash::Sha384, Optional);
    Ps512   "PS512"     "RFC 7518 section 3.5"   = rsa(JwsFamily::RsaPss, Hash::Sha512, Optional);
    Es256   "ES256"     "RFC 7518 section 3.4"   = ecdsa(&[Curve::P256], Hash::Sha256, 64, RecommendedPlus);
    Es384   "ES384"     "RFC 7518 section 3.4"   = ecdsa(&[Curve::P384], Hash::Sha384, 96, Optional);
    Es512   "ES512"     "RFC 7518 section 3.4"   = ecdsa(&[Curve::P521], Hash::Sha512, 132, Optional);
    Es256K  "ES256K"    "RFC 8812 section 3.2"   = ecdsa(&[Curve::Secp256k1], Hash::Sha256, 64, Optional);
    EdDsa   "EdDSA"     "RFC 8037 section 3.1"   = eddsa(EDDSA_CURVES, None, Deprecated);
    Ed25519 "Ed25519"   "RFC 9864 section 2.2"   = eddsa(&[Curve::Ed25519], Some(64), Optional);
    Ed448   "Ed448"     "RFC 9864 section 2.2"   = eddsa(&[Curve::Ed448], Some(114), Optional);
    MlDsa44 "ML-DSA-44" "RFC 9964"               = ml_dsa(2420);
    MlDsa65 "ML-DSA-65" "RFC 9964"               = ml_dsa(3309);
    MlDsa87 "ML-DSA-87" "RFC 9964"               = ml_dsa(4627);
}

const EDDSA_CURVES: &[Curve] = &[Curve::Ed25519, Curve::Ed448];

const fn hmac(hash: Hash, status: Status) -> Row {
    let len = Some(hash.output_len());
    Row {
        family: JwsFamily::Hmac,
        key_type: KeyType::Oct,
        curves: &[],
        hash: Some(hash),
        signature_len: len,
        min_key_len: len,
        status,
    }
}

const fn rsa(family: JwsFamily, hash: Hash, status: Status) -> Row {
    let hash = Some(hash);
    Row { family, key_type: KeyType::Rsa, curves: &[], hash, signature_len: None, min_key_len: None, status }
}

const fn ecdsa(curves: &'static [Curve], hash: Hash, signature_len: usize, status: Status) -> Row {
    Row {
        family: JwsFamily::Ecdsa,
        key_type: KeyType::Ec,
        curves,
        hash: Some(hash),
        signature_len: Some(signature_len),
        min_key_len: None,
        status,
    }
}

const fn eddsa(curves: &'static [Curve], signature_len: Option<usize>, status: Status) -> Row {
    Row {
        family: JwsFamily::EdDsa,
        key_type: KeyType::Okp,
        curves,
        hash: None,
        signature_len,
        min_key_len: None,
        status,
    }
}

const fn ml_dsa(signature_len: usize) -> Row {
    Row {
        family: JwsFamily::MlDsa,
        key_type: KeyType::Akp,
        curves: &[],
        hash: None,
        signature_len: Some(signature_len),
        min_key_len: None,
        status: Status::Optional,
    }
}

impl JwsAlg {
    /// The curve of its keys, where there is one only: `None` for `EdDSA`, and where keys have no curve.
    pub const fn curve(self) -> Option<Curve> {
        match self.curves() {
            [curve] => Some(*curve),
            _ => None,
        }
    }

    /// Whether the key that verifies is the key that signs: true for HMAC.
    pub const fn is_symmetric(self) -> bool {
        matches!(self.key_type(), KeyType::Oct)
    }

    /// The algorithms that a key of this type and curve can serve.
    ///
    /// `curve` is that of EC and OKP keys, and `None` for others; a type and a curve that do not belong
    /// together serve nothing. A key's size, and the `alg` that an AKP key must name, narrow the set further.
    pub fn for_key(key_type: KeyType, curve: Option<Curve>) -> AlgSet<Self> {
        Self::ALL.iter().copied().filter(|alg| alg.takes(key_type, curve)).collect()
    }

    /// Whether it is one of [`for_key`](Self::for_key).
    #[doc(hidden)]
    pub fn takes(self, key_type: KeyType, curve: Option<Curve>) -> bool {
        fits(&[self.key_type()], self.curves(), (key_type, curve))
    }
}
