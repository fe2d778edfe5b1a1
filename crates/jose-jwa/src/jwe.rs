//! The key management algorithms of JWE.

use crate::Status::{Optional, Recommended, RecommendedMinus, RecommendedPlus};
use crate::key::fits;
use crate::table::identifiers;
use crate::{AlgSet, Curve, Hash, JweEnc, KeyType, Status};

/// The kind of a key management algorithm: how the recipient comes by the content encryption key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JweFamily {
    /// The shared key is the content encryption key, RFC 7518 section 4.5.
    Direct,
    /// AES Key Wrap with a shared key, RFC 7518 section 4.4.
    KeyWrap,
    /// AES-GCM with a shared key, RFC 7518 section 4.7.
    GcmKeyWrap,
    /// RSA encryption, RFC 7518 sections 4.2 and 4.3.
    KeyEncryption,
    /// ECDH-ES, direct or with AES Key Wrap, RFC 7518 section 4.6.
    KeyAgreement,
    /// PBES2, a key from a password, with AES Key Wrap, RFC 7518 section 4.8.
    Password,
    /// Integrated Encryption with HPKE: the plaintext itself is encrypted to the key, and there is no content encryption
    /// algorithm (draft-ietf-jose-hpke-encrypt section 5).
    HpkeIntegrated,
    /// Key Encryption with HPKE, draft-ietf-jose-hpke-encrypt section 6.
    HpkeKeyEncryption,
}

identifiers! {
    /// A key management algorithm: the value of `alg` in the header of a JWE, and in a JWK for that use.
    enum JweAlg "JWE key management algorithm": Row {
        /// The kind of algorithm.
        family: JweFamily,
        /// The types of its keys: one, or EC and OKP for ECDH-ES.
        key_types: &'static [KeyType],
        /// The curves of its keys, where they have one: those of ECDH-ES.
        ///
        /// `secp256k1` is registered (RFC 8812) for signatures; it is here because other implementations
        /// agree on keys with it too.
        curves: &'static [Curve],
        /// The length, in bytes, of the AES key that wraps the content encryption key: the shared key
        /// itself, or the one that is agreed on or derived. `None` where nothing is wrapped in AES.
        kek_len: Option<usize>,
        /// The hash function in the name: that of OAEP and its MGF1 (SHA-1 for `RSA-OAEP`), and that of
        /// PBES2's PBKDF2. `None` otherwise; the Concat KDF of ECDH-ES always uses SHA-256 (RFC 7518 section
        /// 4.6.2).
        hash: Option<Hash>,
        /// What the registry asks of implementations.
        status: Status,
    }
    Rsa1_5           "RSA1_5"             "RFC 7518 section 4.2" = rsa(None, RecommendedMinus);
    RsaOaep          "RSA-OAEP"           "RFC 7518 section 4.3" = rsa(Some(Hash::Sha1), RecommendedPlus);
    RsaOaep256       "RSA-OAEP-256"       "RFC 7518 section 4.3" = rsa(Some(Hash::Sha256), Optional);
    RsaOaep384       "RSA-OAEP-384"       "Web Cryptography API" = rsa(Some(Hash::Sha384), Optional);
    RsaOaep512       "RSA-OAEP-512"       "Web Cryptography API" = rsa(Some(Hash::Sha512), Optional);
    A128Kw           "A128KW"             "RFC 7518 section 4.4" = oct(JweFamily::KeyWrap, 16, Recommended);
    A192Kw           "A192KW"             "RFC 7518 section 4.4" = oct(JweFamily::KeyWrap, 24, Optional);
    A256Kw           "A256KW"             "RFC 7518 section 4.4" = oct(JweFamily::KeyWrap, 32, Recommended);
    Dir              "dir"                "RFC 7518 section 4.5" = DIRECT;
    EcdhEs           "ECDH-ES"            "RFC 7518 section 4.6" = ecdh_es(None, RecommendedPlus);
    EcdhEsA128Kw     "ECDH-ES+A128KW"     "RFC 7518 section 4.6" = ecdh_es(Some(16), Recommended);
    EcdhEsA192Kw     "ECDH-ES+A192KW"     "RFC 7518 section 4.6" = ecdh_es(Some(24), Optional);
    EcdhEsA256Kw     "ECDH-ES+A256KW"     "RFC 7518 section 4.6" = ecdh_es(Some(32), Recommended);
    A128GcmKw        "A128GCMKW"          "RFC 7518 section 4.7" = oct(JweFamily::GcmKeyWrap, 16, Optional);
    A192GcmKw        "A192GCMKW"          "RFC 7518 section 4.7" = oct(JweFamily::GcmKeyWrap, 24, Optional);
    A256GcmKw        "A256GCMKW"          "RFC 7518 section 4.7" = oct(JweFamily::GcmKeyWrap, 32, Optional);
    Pbes2Hs256A128Kw "PBES2-HS256+A128KW" "RFC 7518 section 4.8" = pbes2(Hash::Sha256, 16);
    Pbes2Hs384A192Kw "PBES2-HS384+A192KW" "RFC 7518 section 4.8" = pbes2(Hash::Sha384, 24);
    Pbes2Hs512A256Kw "PBES2-HS512+A256KW" "RFC 7518 section 4.8" = pbes2(Hash::Sha512, 32);
    Hpke0            "HPKE-0"             "draft-ietf-jose-hpke-encrypt: P-256, HKDF-SHA256, AES-128-GCM" = integrated(P256);
    Hpke1            "HPKE-1"             "draft-ietf-jose-hpke-encrypt: P-384, HKDF-SHA384, AES-256-GCM" = integrated(P384);
    Hpke2            "HPKE-2"             "draft-ietf-jose-hpke-encrypt: P-521, HKDF-SHA512, AES-256-GCM" = integrated(P521);
    Hpke3            "HPKE-3"             "draft-ietf-jose-hpke-encrypt: X25519, HKDF-SHA256, AES-128-GCM" = integrated(X25519);
    Hpke4            "HPKE-4"             "draft-ietf-jose-hpke-encrypt: X25519, HKDF-SHA256, ChaCha20-Poly1305" = integrated(X25519);
    Hpke5            "HPKE-5"             "draft-ietf-jose-hpke-encrypt: X448, HKDF-SHA512, AES-256-GCM" = integrated(X448);
    Hpke6            "HPKE-6"             "draft-ietf-jose-hpke-encrypt: X448, HKDF-SHA512, ChaCha20-Poly1305" = integrated(X448);
    Hpke7            "HPKE-7"             "draft-ietf-jose-hpke-encrypt: P-256, HKDF-SHA256, AES-256-GCM" = integrated(P256);
    Hpke0Ke          "HPKE-0-KE"          "draft-ietf-jose-hpke-encrypt: as HPKE-0" = hpke_ke(P256);
    Hpke1Ke          "HPKE-1-KE"          "draft-ietf-jose-hpke-encrypt: as HPKE-1" = hpke_ke(P384);
    Hpke2Ke          "HPKE-2-KE"          "draft-ietf-jose-hpke-encrypt: as HPKE-2" = hpke_ke(P521);
    Hpke3Ke          "HPKE-3-KE"          "draft-ietf-jose-hpke-encrypt: as HPKE-3" = hpke_ke(X25519);
    Hpke5Ke          "HPKE-5-KE"          "draft-ietf-jose-hpke-encrypt: as HPKE-5" = hpke_ke(X448);
    Hpke7Ke          "HPKE-7-KE"          "draft-ietf-jose-hpke-encrypt: as HPKE-7" = hpke_ke(P256);
    Hpke8            "HPKE-8"             "draft-ietf-jose-hpke-pq-pqt: MLKEM768-P256, SHAKE256, AES-256-GCM" = integrated(&[]);
    Hpke9            "HPKE-9"             "draft-ietf-jose-hpke-pq-pqt: MLKEM768-X25519, SHAKE256, AES-256-GCM" = integrated(&[]);
    Hpke10           "HPKE-10"            "draft-ietf-jose-hpke-pq-pqt: MLKEM1024-P384, SHAKE256, AES-256-GCM" = integrated(&[]);
    Hpke12           "HPKE-12"            "draft-ietf-jose-hpke-pq-pqt: ML-KEM-768, SHAKE256, AES-256-GCM" = integrated(&[]);
    Hpke13           "HPKE-13"            "draft-ietf-jose-hpke-pq-pqt: ML-KEM-1024, SHAKE256, AES-256-GCM" = integrated(&[]);
    Hpke8Ke          "HPKE-8-KE"          "draft-ietf-jose-hpke-pq-pqt: as HPKE-8" = hpke_ke(&[]);
    Hpke9Ke          "HPKE-9-KE"          "draft-ietf-jose-hpke-pq-pqt: as HPKE-9" = hpke_ke(&[]);
    Hpke10Ke         "HPKE-10-KE"         "draft-ietf-jose-hpke-pq-pqt: as HPKE-10" = hpke_ke(&[]);
    Hpke12Ke         "HPKE-12-KE"         "draft-ietf-jose-hpke-pq-pqt: as HPKE-12" = hpke_ke(&[]);
    Hpke13Ke         "HPKE-13-KE"         "draft-ietf-jose-hpke-pq-pqt: as HPKE-13" = hpke_ke(&[]);
}

const P256: &[Curve] = &[Curve::P256];
const P384: &[Curve] = &[Curve::P384];
const P521: &[Curve] = &[Curve::P521];
const X25519: &[Curve] = &[Curve::X25519];
const X448: &[Curve] = &[Curve::X448];

const ECDH_CURVES: &[Curve] =
    &[Curve::P256, Curve::P384, Curve::P521, Curve::Secp256k1, Curve::X25519, Curve::X448];

const DIRECT: Row = Row {
    family: JweFamily::Direct,
    key_types: &[KeyType::Oct],
    curves: &[],
    kek_len: None,
    hash: None,
    status: Status::Recommended,
};

const fn rsa(hash: Option<Hash>, status: Status) -> Row {
    Row { family: JweFamily::KeyEncryption, key_types: &[KeyType::Rsa], hash, status, ..DIRECT }
}

const fn oct(family: JweFamily, kek_len: usize, status: Status) -> Row {
    Row { family, kek_len: Some(kek_len), status, ..DIRECT }
}

const fn ecdh_es(kek_len: Option<usize>, status: Status) -> Row {
    Row {
        family: JweFamily::KeyAgreement,
        key_types: &[KeyType::Ec, KeyType::Okp],
        curves: ECDH_CURVES,
        kek_len,
        hash: None,
        status,
    }
}

const fn integrated(curves: &'static [Curve]) -> Row {
    let key_types: &[KeyType] = match curves {
        [Curve::X25519 | Curve::X448, ..] => &[KeyType::Okp],
        [_, ..] => &[KeyType::Ec],
        [] => &[KeyType::Akp],
    };
    Row { family: JweFamily::HpkeIntegrated, key_types, curves, status: Status::Optional, ..DIRECT }
}

const fn hpke_ke(curves: &'static [Curve]) -> Row {
    Row { family: JweFamily::HpkeKeyEncryption, ..integrated(curves) }
}

const fn pbes2(hash: Hash, kek_len: usize) -> Row {
    Row { hash: Some(hash), ..oct(JweFamily::Password, kek_len, Status::Optional) }
}

impl JweAlg {
    /// The content encryption algorithm that an AES-GCM key wrap is: A128GCM for A128GCMKW. `None` for every other algorithm.
    pub const fn wrap_enc(self) -> Option<JweEnc> {
        match self {
            Self::A128GcmKw => Some(JweEnc::A128Gcm),
            Self::A192GcmKw => Some(JweEnc::A192Gcm),
            Self::A256GcmKw => Some(JweEnc::A256Gcm),
            _ => None,
        }
    }

    /// The type of its keys, where there is one only: `None` for ECDH-ES, where the key's curve decides.
    pub const fn key_type(self) -> Option<KeyType> {
        match self.key_types() {
            [key_type] => Some(*key_type),
            _ => None,
        }
    }

    /// Whether the key that decrypts is the key that encrypts: true for shared keys and passwords.
    pub const fn is_symmetric(self) -> bool {
        matches!(self.key_types(), [KeyType::Oct])
    }

    /// Whether it is one of HPKE, of which a key serves exactly one (draft-ietf-jose-hpke-encrypt section 10.1).
    pub const fn is_hpke(self) -> bool {
        matches!(self.family(), JweFamily::HpkeIntegrated | JweFamily::HpkeKeyEncryption)
    }

    /// Whether a message has exactly one recipient: `dir`, `ECDH-ES`, and Integrated Encryption with HPKE.
    pub const fn is_alone(self) -> bool {
        matches!(self, Self::Dir | Self::EcdhEs) || matches!(self.family(), JweFamily::HpkeIntegrated)
    }

    /// Whether this algorithm is fit for use only where the caller asks for it by name, and for no default
    /// set: `RSA1_5`, for its padding oracle (RFC 7518 section 8.3), PBES2, whose cost the sender sets
    /// (RFC 7518 section 4.8.1.2), and HPKE, since a key serves one algorithm of it only.
    pub const fn must_be_named(self) -> bool {
        matches!(self, Self::Rsa1_5) || matches!(self.family(), JweFamily::Password) || self.is_hpke()
    }

    /// The algorithms that a key of this type and curve can serve, those that [must be
    /// named](Self::must_be_named) included.
    ///
    /// `curve` is that of EC and OKP keys, and `None` for others; a type and a curve that do not belong
    /// together serve nothing. The size of a shared key narrows the set further.
    pub fn for_key(key_type: KeyType, curve: Option<Curve>) -> AlgSet<Self> {
        Self::ALL.iter().copied().filter(|alg| alg.takes(key_type, curve)).collect()
    }

    /// Whether it is one of [`for_key`](Self::for_key).
    #[doc(hidden)]
    pub fn takes(self, key_type: KeyType, curve: Option<Curve>) -> bool {
        fits(self.key_types(), self.curves(), (key_type, curve))
    }
}
