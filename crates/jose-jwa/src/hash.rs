//! Hash functions.

use crate::table::identifiers;

identifiers! {
    /// A hash function that the algorithms and thumbprints of JOSE stand on.
    enum Hash "hash function": HashRow {
        /// The length of a digest, in bytes.
        output_len: usize,
        /// The name in a JWK Thumbprint URI (RFC 9278 section 3), from the Named Information Hash Algorithm
        /// Registry. `None` for SHA-1, which that registry does not hold.
        name_rfc9278: Option<&'static str>,
    }
    Sha1   "SHA-1"   "FIPS 180-4; for the `x5t` thumbprint and inside RSA-OAEP only" = row(20, None);
    Sha256 "SHA-256" "FIPS 180-4" = row(32, Some("sha-256"));
    Sha384 "SHA-384" "FIPS 180-4" = row(48, Some("sha-384"));
    Sha512 "SHA-512" "FIPS 180-4" = row(64, Some("sha-512"));
}

const fn row(output_len: usize, name_rfc9278: Option<&'static str>) -> HashRow {
    HashRow { output_len, name_rfc9278 }
}
