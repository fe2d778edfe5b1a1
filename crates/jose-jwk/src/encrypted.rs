//! `EncryptedPrivateKeyInfo` (RFC 5958 section 3) under PBES2 (RFC 8018 section 6.2).

use alloc::string::String;
use alloc::vec::Vec;

use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{self, Decode, Encode, Reader, SliceReader};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{Kdf, Parameters};
use pkcs8::{AlgorithmIdentifierRef, EncryptedPrivateKeyInfo, ObjectIdentifier};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::der::{PrivateFormat, unsupported};
use crate::error::{Error, FormError};
use crate::jwk::Jwk;
use crate::parser::JwkParser;
use crate::pem;

const NOT_DER: Error = Error::Form(FormError::Der { form: "PKCS #8 (`EncryptedPrivateKeyInfo`)" });

const UNSUPPORTED: Error = Error::Unsupported("this encryption of a private key");

/// Of PBKDF2 with HMAC-SHA-256, as OWASP advises.
const ITERATIONS: u32 = 600_000;

impl Jwk {
    /// Reads a private key from encrypted PKCS #8 in PEM, labelled `ENCRYPTED PRIVATE KEY`: PBES2 with PBKDF2 or scrypt,
    /// and AES or Triple DES. [`JwkParser`] can raise the limits of the work that the file may ask for.
    ///
    /// # Errors
    ///
    /// [`FormError::PassphraseWrong`] if it does not decrypt to a private key; [`FormError::Pem`] or
    /// [`FormError::PemLabel`] if the text is not one such key; [`FormError::WorkTooMuch`]; [`Error::Unsupported`] for
    /// another encryption, by its name; otherwise as [`Jwk::from_private_der`].
    pub fn from_encrypted_pem(text: &str, passphrase: impl AsRef<[u8]>) -> Result<Self, Error> {
        JwkParser::default().encrypted_pem(text, passphrase)
    }

    /// Like [`Jwk::from_encrypted_pem`], but from DER.
    ///
    /// # Errors
    ///
    /// [`FormError::Der`] if it is not `EncryptedPrivateKeyInfo`; otherwise as [`Jwk::from_encrypted_pem`].
    pub fn from_encrypted_der(der: impl AsRef<[u8]>, passphrase: impl AsRef<[u8]>) -> Result<Self, Error> {
        JwkParser::default().encrypted_der(der, passphrase)
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

impl JwkParser {
    /// Sets how many iterations of PBKDF2 an encrypted private key may ask for. 10 000 000 by default: a few seconds.
    pub fn max_iterations(mut self, max: u32) -> Self {
        self.max_iterations = max;
        self
    }

    /// Sets how much memory an encrypted private key may ask for under scrypt, in bytes. 128 MiB by default.
    pub fn max_memory(mut self, bytes: u64) -> Self {
        self.max_memory = bytes;
        self
    }

    /// Reads a private key from encrypted PKCS #8 in PEM.
    ///
    /// # Errors
    ///
    /// As [`Jwk::from_encrypted_pem`].
    pub fn encrypted_pem(self, text: &str, passphrase: impl AsRef<[u8]>) -> Result<Jwk, Error> {
        let blocks = pem::blocks(text)?;
        match pem::only(&blocks, |label| label == pem::ENCRYPTED)? {
            Some(block) => self.encrypted_der(&*block.decode()?, passphrase),
            None => Err(pem::nothing(text, &blocks)),
        }
    }

    /// Reads a private key from encrypted PKCS #8 in DER.
    ///
    /// # Errors
    ///
    /// As [`Jwk::from_encrypted_der`].
    pub fn encrypted_der(self, der: impl AsRef<[u8]>, passphrase: impl AsRef<[u8]>) -> Result<Jwk, Error> {
        let (algorithm, data) = read_info(der.as_ref()).map_err(|_| NOT_DER)?;
        check_known(&algorithm)?;
        let scheme = EncryptionScheme::try_from(algorithm).map_err(|_| UNSUPPORTED)?;
        self.check_work(&scheme)?;
        let decrypted = scheme.decrypt(passphrase, data).map(Zeroizing::new);
        let decrypted = decrypted.map_err(|_| Error::Form(FormError::PassphraseWrong))?;
        Jwk::from_private_der(&*decrypted, PrivateFormat::Pkcs8).map_err(|error| match error {
            // What a wrong passphrase decrypts to has, rarely, the padding of the right one.
            Error::Form(FormError::Der { .. }) => Error::Form(FormError::PassphraseWrong),
            error => error,
        })
    }

    /// The file itself says how much work it is to open: up to a limit.
    fn check_work(&self, scheme: &EncryptionScheme) -> Result<(), Error> {
        let (what, found, max) = match scheme.pbes2().map(|parameters| &parameters.kdf) {
            Some(Kdf::Pbkdf2(parameters)) => {
                ("iterations", u64::from(parameters.iteration_count), u64::from(self.max_iterations))
            }
            Some(Kdf::Scrypt(parameters)) => {
                // RFC 7914 section 2: the cost is a power of two larger than 1, the others are positive.
                let is_cost = parameters.cost_parameter > 1 && parameters.cost_parameter.is_power_of_two();
                if !is_cost || parameters.block_size == 0 || parameters.parallelization == 0 {
                    return Err(Error::Unsupported(
                        "parameters that scrypt does not have (RFC 7914 section 2)",
                    ));
                }
                let factors = [u64::from(parameters.block_size), u64::from(parameters.parallelization), 128];
                let memory = factors.into_iter().fold(parameters.cost_parameter, u64::saturating_mul);
                ("bytes of memory", memory, self.max_memory)
            }
            _ => return Err(UNSUPPORTED),
        };
        if found <= max { Ok(()) } else { Err(FormError::WorkTooMuch { what, found, max }.into()) }
    }
}

/// The algorithm and the encrypted bytes.
fn read_info(bytes: &[u8]) -> der::Result<(AlgorithmIdentifierRef<'_>, &[u8])> {
    let mut reader = SliceReader::new(bytes)?;
    let info = reader.sequence(|info| {
        let algorithm = info.decode()?;
        Ok::<_, der::Error>((algorithm, info.decode::<&OctetStringRef>()?.as_bytes()))
    })?;
    reader.finish()?;
    Ok(info)
}

/// What is known and not supported is named.
fn check_known(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), Error> {
    let Some(parameters) = algorithm.parameters else { return check_name(algorithm.oid) };
    check_name(algorithm.oid)?;
    // PBES2 names a key derivation function, its pseudorandom function, and a cipher.
    let nested = SliceReader::new(parameters.value()).and_then(|mut reader| {
        let (kdf, cipher): (AlgorithmIdentifierRef<'_>, AlgorithmIdentifierRef<'_>) =
            (reader.decode()?, reader.decode()?);
        let mut oids = Vec::from([kdf.oid, cipher.oid]);
        let mut inner = kdf.parameters.map(|parameters| SliceReader::new(parameters.value())).transpose()?;
        while let Some(reader) = &mut inner
            && !reader.is_finished()
        {
            let element = reader.tlv_bytes()?;
            oids.extend(AlgorithmIdentifierRef::from_der(element).map(|prf| prf.oid));
        }
        Ok(oids)
    });
    nested.map_err(|_| NOT_DER)?.into_iter().try_for_each(check_name)
}

fn check_name(oid: ObjectIdentifier) -> Result<(), Error> {
    unsupported::name(oid).map_or(Ok(()), |name| Err(Error::Unsupported(name)))
}
