//! The content encryption algorithms of JWE.

use crate::table::identifiers;
use crate::{Hash, Status};

/// The kind of a content encryption algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncFamily {
    /// AES in CBC mode with HMAC, RFC 7518 section 5.2.
    CbcHmac,
    /// AES in Galois/Counter Mode, RFC 7518 section 5.3.
    Gcm,
}

identifiers! {
    /// A content encryption algorithm: the value of `enc` in the header of a JWE.
    enum JweEnc "JWE content encryption algorithm": Row {
        /// The kind of algorithm.
        family: EncFamily,
        /// The length of the content encryption key, in bytes: the MAC key and the encryption key together.
        cek_len: usize,
        /// The length of the initialization vector, in bytes.
        iv_len: usize,
        /// The length of the authentication tag, in bytes.
        tag_len: usize,
        /// The hash function of the HMAC. `None` for GCM.
        hash: Option<Hash>,
        /// What the registry asks of implementations.
        status: Status,
    }
    A128CbcHs256 "A128CBC-HS256" "RFC 7518 section 5.2.3" = cbc_hmac(32, Hash::Sha256, Status::Required);
    A192CbcHs384 "A192CBC-HS384" "RFC 7518 section 5.2.4" = cbc_hmac(48, Hash::Sha384, Status::Optional);
    A256CbcHs512 "A256CBC-HS512" "RFC 7518 section 5.2.5" = cbc_hmac(64, Hash::Sha512, Status::Required);
    A128Gcm      "A128GCM"       "RFC 7518 section 5.3"   = gcm(16, Status::Recommended);
    A192Gcm      "A192GCM"       "RFC 7518 section 5.3"   = gcm(24, Status::Optional);
    A256Gcm      "A256GCM"       "RFC 7518 section 5.3"   = gcm(32, Status::Recommended);
}

const fn cbc_hmac(cek_len: usize, hash: Hash, status: Status) -> Row {
    Row {
        family: EncFamily::CbcHmac,
        cek_len,
        iv_len: 16,
        // The HMAC's first half (RFC 7518 section 5.2.2.1).
        tag_len: hash.output_len() / 2,
        hash: Some(hash),
        status,
    }
}

const fn gcm(cek_len: usize, status: Status) -> Row {
    Row { family: EncFamily::Gcm, cek_len, iv_len: 12, tag_len: 16, hash: None, status }
}
