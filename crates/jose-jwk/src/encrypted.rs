//! `EncryptedPrivateKeyInfo` (RFC 5958 section 3) under PBES2 (RFC 8018 section 6.2).

use alloc::string::String;

use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Decode, Encode};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{Kdf, Parameters};
use pkcs8::{EncryptedPrivateKeyInfo, EncryptedPrivateKeyInfoRef};
use rand_core::TryCryptoRng;

use crate::der::PrivateFormat;
use crate::error::{Error, FormError};
use crate::jwk::Jwk;
use crate::pem;

const NOT_DER: Error = Error::Form(FormError::Der { form: "PKCS #8 (`EncryptedPrivateKeyInfo`)" });

/// Of PBKDF2 with HMAC-SHA-256, as OWASP advises.
const ITERATIONS: u32 = 600_000;

/// The most that a file may ask for: a few seconds of work.
const MAX_ITERATIONS: u32 = 10_000_000;

/// The most that the product of scrypt's cost, block size and parallelization may be: 128 MiB of memory.
const MAX_SCRYPT: u64 = 1 << 20;

impl Jwk {
    /// Reads a private key from encrypted PKCS #8 in PEM, labelled `ENCRYPTED PRIVATE KEY`: PBES2 with PBKDF2 or scrypt,
    /// and AES.
    ///
    /// # Errors
    ///
    /// [`FormError::PassphraseWrong`] if it does not decrypt to a private key; [`FormError::Pem`] or
    /// [`FormError::PemLabel`] if the text is not one such key; [`Error::Unsupported`] for another encryption, or one that
    /// asks for too much work; otherwise as [`Jwk::from_private_der`].
    pub fn from_encrypted_pem(text: &str, passphrase: impl AsRef<[u8]>) -> Result<Self, Error> {
        let der = match pem::read(text)? {
            (pem::ENCRYPTED, der) => der,
            (label, _) => return Err(pem::wrong_label(label)),
        };
        let info = EncryptedPrivateKeyInfoRef::from_der(&der).map_err(|_| NOT_DER)?;
        check_cost(&info.encryption_algorithm)?;
        let decrypted = info.decrypt(passphrase).map_err(|_| Error::Form(FormError::PassphraseWrong))?;
        Self::from_private_der(decrypted.as_bytes(), PrivateFormat::Pkcs8).map_err(|error| match error {
            // What a wrong passphrase decrypts to has, rarely, the padding of the right one.
            Error::Form(FormError::Der { .. }) => Error::Form(FormError::PassphraseWrong),
            error => error,
        })
    }

    /// The private key as encrypted PKCS #8 in PEM: PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC.
    ///
    /// # Errors
    ///
    /// [`Error::Rng`], and as [`Jwk::expose_private_der`].
    pub fn to_encrypted_pem<R: TryCryptoRng + ?Sized>(
        &self,
        passphrase: impl AsRef<[u8]>,
        rng: &mut R,
    ) -> Result<String, Error> {
        let der = self.expose_private_der(PrivateFormat::Pkcs8)?;
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        rng.try_fill_bytes(&mut salt).map_err(|_| Error::Rng)?;
        rng.try_fill_bytes(&mut iv).map_err(|_| Error::Rng)?;
        let parameters =
            Parameters::generate_pbkdf2_sha256_aes256cbc(ITERATIONS, &salt, iv).map_err(|_| NOT_DER)?;
        let data = parameters.encrypt(passphrase, &der).map_err(|_| NOT_DER)?;
        let info = EncryptedPrivateKeyInfo {
            encryption_algorithm: EncryptionScheme::from(parameters),
            encrypted_data: OctetStringRef::new(&data).map_err(|_| NOT_DER)?,
        };
        let mut text = pem::write(pem::ENCRYPTED, &info.to_der().map_err(|_| NOT_DER)?)?;
        Ok(core::mem::take(&mut *text))
    }
}

/// The file itself says how much work it is to open: up to a limit.
fn check_cost(scheme: &EncryptionScheme) -> Result<(), Error> {
    let kdf = scheme.pbes2().map(|parameters| &parameters.kdf);
    let bounded = match kdf {
        Some(Kdf::Pbkdf2(parameters)) => parameters.iteration_count <= MAX_ITERATIONS,
        Some(Kdf::Scrypt(parameters)) => {
            let factors = u64::from(parameters.block_size).saturating_mul(parameters.parallelization.into());
            parameters.cost_parameter.saturating_mul(factors) <= MAX_SCRYPT
        }
        _ => false,
    };
    if bounded { Ok(()) } else { Err(Error::Unsupported("this encryption of a private key")) }
}
