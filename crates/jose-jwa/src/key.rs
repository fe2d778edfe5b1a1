//! Keys: their types, members, curves, uses and operations.

use crate::Status;
use crate::table::identifiers;

/// A JWK member that a key type defines or depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The member's name.
    pub name: &'static str,
    /// Whether every key of the type must have it, a public one included.
    pub required_public: bool,
    /// Whether its value must be kept secret. A public key has no such member.
    pub secret: bool,
    /// Whether a JWK Thumbprint (RFC 7638 section 3.2) is computed from it.
    pub in_thumbprint: bool,
}

/// Public, required, and therefore in the thumbprint.
const fn public(name: &'static str) -> Member {
    Member { name, required_public: true, secret: false, in_thumbprint: true }
}

const fn secret(name: &'static str) -> Member {
    Member { name, required_public: false, secret: true, in_thumbprint: false }
}

const EC: &[Member] = &[public("crv"), secret("d"), public("kty"), public("x"), public("y")];
const RSA: &[Member] = &[
    secret("d"),
    secret("dp"),
    secret("dq"),
    public("e"),
    public("kty"),
    public("n"),
    secret("oth"),
    secret("p"),
    secret("q"),
    secret("qi"),
];
const OCT: &[Member] = &[Member { in_thumbprint: true, ..secret("k") }, public("kty")];
const OKP: &[Member] = &[public("crv"), secret("d"), public("kty"), public("x")];
const AKP: &[Member] = &[public("alg"), public("kty"), secret("priv"), public("pub")];

identifiers! {
    /// A key type: the value of a JWK's `kty` (RFC 7517 section 4.1).
    enum KeyType "key type": KeyTypeRow {
        /// The JWK members that make up a key of this type, `kty` among them, in lexicographic order: those
        /// of them [in the thumbprint](Member::in_thumbprint) are in the order that RFC 7638 section 3 hashes
        /// them in.
        ///
        /// `k` of an `oct` key is secret and in the thumbprint.
        members: &'static [Member],
        /// What the registry asks of implementations.
        status: Status,
    }
    Ec  "EC"  "RFC 7518 section 6.2" = kty(EC, Status::RecommendedPlus);
    Rsa "RSA" "RFC 7518 section 6.3" = kty(RSA, Status::Required);
    Oct "oct" "RFC 7518 section 6.4" = kty(OCT, Status::Required);
    Okp "OKP" "RFC 8037 section 2"   = kty(OKP, Status::Optional);
    Akp "AKP" "RFC 9964 section 3"   = kty(AKP, Status::Optional);
}

const fn kty(members: &'static [Member], status: Status) -> KeyTypeRow {
    KeyTypeRow { members, status }
}

identifiers! {
    /// A curve: the value of a JWK's `crv` (RFC 7518 section 6.2.1.1, RFC 8037 section 2).
    enum Curve "curve": CurveRow {
        /// The type of keys on this curve: [`KeyType::Ec`] or [`KeyType::Okp`].
        key_type: KeyType,
        /// The length in bytes of each of `x` and `y` of an EC key, and of `x`, the whole public key, of an
        /// OKP key.
        coordinate_len: usize,
        /// The length of the private `d`, in bytes.
        secret_len: usize,
        /// Whether there is a [`JwsAlg`](crate::JwsAlg) for keys on this curve.
        can_sign: bool,
        /// Whether [`JweAlg::EcdhEs`](crate::JweAlg::EcdhEs) and its kin take keys on this curve.
        can_agree: bool,
        /// What the registry asks of implementations.
        status: Status,
    }
    P256      "P-256"     "RFC 7518 section 6.2.1.1" = ec(32, Status::RecommendedPlus);
    P384      "P-384"     "RFC 7518 section 6.2.1.1" = ec(48, Status::Optional);
    P521      "P-521"     "RFC 7518 section 6.2.1.1" = ec(66, Status::Optional);
    Secp256k1 "secp256k1" "RFC 8812 section 3.1"     = ec(32, Status::Optional);
    Ed25519   "Ed25519"   "RFC 8037 section 3.1"     = edwards(32);
    Ed448     "Ed448"     "RFC 8037 section 3.1"     = edwards(57);
    X25519    "X25519"    "RFC 8037 section 3.2"     = montgomery(32);
    X448      "X448"      "RFC 8037 section 3.2"     = montgomery(56);
}

const fn ec(len: usize, status: Status) -> CurveRow {
    CurveRow {
        key_type: KeyType::Ec,
        coordinate_len: len,
        secret_len: len,
        can_sign: true,
        can_agree: true,
        status,
    }
}

const fn edwards(len: usize) -> CurveRow {
    CurveRow { key_type: KeyType::Okp, can_agree: false, ..ec(len, Status::Optional) }
}

const fn montgomery(len: usize) -> CurveRow {
    CurveRow { can_sign: false, can_agree: true, ..edwards(len) }
}

identifiers! {
    /// What a public key is for: the value of a JWK's `use` (RFC 7517 section 4.2).
    enum KeyUse "key use";
    Sig "sig" "RFC 7517 section 4.2: signatures and MACs";
    Enc "enc" "RFC 7517 section 4.2: encryption, key wrapping and key agreement";
}

identifiers! {
    /// An operation that a key is for: a value in a JWK's `key_ops` (RFC 7517 section 4.3).
    enum KeyOp "key operation": KeyOpRow {
        /// The `use` that this operation agrees with. RFC 7517 section 4.3 wants the two members consistent
        /// where a key has both.
        key_use: KeyUse,
    }
    Sign       "sign"       "RFC 7517 section 4.3" = KeyOpRow { key_use: KeyUse::Sig };
    Verify     "verify"     "RFC 7517 section 4.3" = KeyOpRow { key_use: KeyUse::Sig };
    Encrypt    "encrypt"    "RFC 7517 section 4.3" = KeyOpRow { key_use: KeyUse::Enc };
    Decrypt    "decrypt"    "RFC 7517 section 4.3" = KeyOpRow { key_use: KeyUse::Enc };
    WrapKey    "wrapKey"    "RFC 7517 section 4.3" = KeyOpRow { key_use: KeyUse::Enc };
    UnwrapKey  "unwrapKey"  "RFC 7517 section 4.3" = KeyOpRow { key_use: KeyUse::Enc };
    DeriveKey  "deriveKey"  "RFC 7517 section 4.3" = KeyOpRow { key_use: KeyUse::Enc };
    DeriveBits "deriveBits" "RFC 7517 section 4.3" = KeyOpRow { key_use: KeyUse::Enc };
}

/// Whether an algorithm for keys of these types, on these curves, takes a key of this type and curve. An
/// algorithm without curves takes keys without one.
pub(crate) fn fits(types: &[KeyType], curves: &[Curve], key: (KeyType, Option<Curve>)) -> bool {
    let (key_type, curve) = key;
    types.contains(&key_type)
        && match curve {
            Some(curve) => curve.key_type() == key_type && curves.contains(&curve),
            None => curves.is_empty(),
        }
}
