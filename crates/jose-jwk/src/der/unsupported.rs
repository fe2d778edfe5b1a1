//! Algorithms that are known and not supported, by their object identifiers.

use pkcs8::ObjectIdentifier;

macro_rules! names {
    ($($oid:literal $name:literal;)+) => {
        /// Each object identifier with a name for the error.
        static NAMES: &[(ObjectIdentifier, &str)] = &[$((ObjectIdentifier::new_unwrap($oid), $name)),+];
    };
}

names! {
    // Keys.
    "1.2.840.10040.4.1" "a DSA key";
    "1.2.840.113549.1.3.1" "a Diffie-Hellman key (PKCS #3)";
    "1.2.840.10046.2.1" "a Diffie-Hellman key (X9.42)";
    "1.2.840.113549.1.1.7" "an RSA key for OAEP only (`id-RSAES-OAEP`)";
    "1.2.840.10045.3.1.1" "the curve P-192";
    "1.3.132.0.33" "the curve P-224";
    "1.3.36.3.3.2.8.1.1.7" "the curve brainpoolP256r1";
    "1.3.36.3.3.2.8.1.1.11" "the curve brainpoolP384r1";
    "1.3.36.3.3.2.8.1.1.13" "the curve brainpoolP512r1";
    "1.2.156.10197.1.301" "the curve SM2";
    "2.16.840.1.101.3.4.4.1" "an ML-KEM-512 key";
    "2.16.840.1.101.3.4.4.2" "an ML-KEM-768 key";
    "2.16.840.1.101.3.4.4.3" "an ML-KEM-1024 key";
    // Encryption of private keys.
    "1.2.840.113549.1.5.1" "PBES1 with MD2 and DES";
    "1.2.840.113549.1.5.3" "PBES1 with MD5 and DES";
    "1.2.840.113549.1.5.4" "PBES1 with MD2 and RC2";
    "1.2.840.113549.1.5.6" "PBES1 with MD5 and RC2";
    "1.2.840.113549.1.5.10" "PBES1 with SHA-1 and DES";
    "1.2.840.113549.1.5.11" "PBES1 with SHA-1 and RC2";
    "1.2.840.113549.1.12.1.1" "the encryption of PKCS #12 with 128-bit RC4";
    "1.2.840.113549.1.12.1.2" "the encryption of PKCS #12 with 40-bit RC4";
    "1.2.840.113549.1.12.1.3" "the encryption of PKCS #12 with Triple DES";
    "1.2.840.113549.1.12.1.4" "the encryption of PKCS #12 with two-key Triple DES";
    "1.2.840.113549.1.12.1.5" "the encryption of PKCS #12 with 128-bit RC2";
    "1.2.840.113549.1.12.1.6" "the encryption of PKCS #12 with 40-bit RC2";
    "1.3.14.3.2.7" "encryption with DES";
    "1.2.840.113549.3.2" "encryption with RC2";
    "1.2.840.113549.3.4" "encryption with RC4";
    "1.2.840.113549.2.12" "PBKDF2 with HMAC-SHA-512/224";
    "1.2.840.113549.2.13" "PBKDF2 with HMAC-SHA-512/256";
}

/// The name of an algorithm that is known and not supported.
pub(crate) fn name(oid: ObjectIdentifier) -> Option<&'static str> {
    NAMES.iter().find(|(own, _)| *own == oid).map(|(_, name)| *name)
}
