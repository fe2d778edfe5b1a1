#[cfg(feature = "alloc")]
use alloc::string::String;

use jose_b64::json::SliceWriter;
use jose_jwk::JwsAlg;
use jose_jwk::header::Header;
use rand_core::TryCryptoRng;

use crate::Error;
use crate::key::{Room, Sign, check_signature_len};
use crate::output::{Output, encode, write_header};
use crate::rng::{AnyRng, Rng, with_default_rng};
#[cfg(feature = "alloc")]
use crate::rules::check_written;
use crate::rules::named;

/// A message that only lacks its signature: the two steps for a key that signs elsewhere, and what every other way of
/// signing stands on.
///
/// ```
/// use jose_jws::compact::Unsigned;
/// use jose_jws::{Header, JwsAlg};
/// # fn kms_sign(_: &[u8]) -> [u8; 64] { [1; 64] }
/// let header = Header { kid: Some("key-1"), ..Header::default() };
/// let mut buffer = [0; 256];
/// let unsigned = Unsigned::new_in(JwsAlg::Es256, &header, b"payload", &mut buffer)?;
/// let signature = kms_sign(unsigned.signing_input());
/// let token = unsigned.attach(&signature)?;
/// assert_eq!(token.split('.').count(), 3);
/// # Ok::<(), jose_jws::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "it is not signed yet"]
pub struct Unsigned<W> {
    alg: JwsAlg,
    out: W,
}

impl<'o> Unsigned<SliceWriter<'o>> {
    /// Writes header and payload into the buffer: base64url of both, with a `.` between.
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`]; [`Error::Header`] where `members` of the header cannot stand there or it is longer
    /// than [`MAX_HEADER_LEN`](jose_jwk::header::MAX_HEADER_LEN); [`Error::B64`], and [`Error::PayloadHasDot`] and [`Error::Encoding`] where the header
    /// says that the payload is not encoded.
    pub fn new_in(
        alg: JwsAlg,
        header: &Header<'_>,
        payload: &[u8],
        buffer: &'o mut [u8],
    ) -> Result<Self, Error> {
        Self::build(alg, header, payload, SliceWriter::new(buffer))
    }
}

#[cfg(feature = "alloc")]
impl Unsigned<String> {
    /// Writes header and payload: base64url of both, with a `.` between.
    ///
    /// # Errors
    ///
    /// As [`Unsigned::new_in`].
    pub fn new(alg: JwsAlg, header: &Header<'_>, payload: &[u8]) -> Result<Self, Error> {
        Self::build(alg, header, payload, Self::string(payload))
    }

    /// The same with a header that is written already, to the octet.
    ///
    /// # Errors
    ///
    /// As [`Unsigned::new_in`]; [`Error::AlgorithmNotAllowed`] where the header's `alg` is another one.
    pub fn with_header_text(alg: JwsAlg, header: &str, payload: &[u8]) -> Result<Self, Error> {
        let encoded = check_written(alg, header)?;
        let mut out = Self::string(payload);
        encode(header.as_bytes(), &mut out)?;
        Self { alg, out }.with_payload(encoded, payload)
    }

    /// A string with room for most headers and signatures beside the payload.
    fn string(payload: &[u8]) -> String {
        const BESIDE: usize = 512;
        String::with_capacity((payload.len() / 3).saturating_mul(4).saturating_add(BESIDE))
    }
}

impl<W: Output> Unsigned<W> {
    fn build(alg: JwsAlg, header: &Header<'_>, payload: &[u8], mut out: W) -> Result<Self, Error> {
        let encoded = write_header(alg.as_str(), header, &mut out)?;
        Self { alg, out }.with_payload(encoded, payload)
    }

    fn with_payload(mut self, encoded: bool, payload: &[u8]) -> Result<Self, Error> {
        self.out.write(".")?;
        if encoded {
            encode(payload, &mut self.out)?;
        } else if payload.contains(&b'.') {
            return Err(Error::PayloadHasDot);
        } else {
            let text = core::str::from_utf8(payload).map_err(|_| jose_b64::Error::Utf8)?;
            self.out.write(text)?;
        }
        Ok(self)
    }

    /// The algorithm that the header names.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.alg
    }

    /// The octets to be signed: the JWS Signing Input.
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        self.out.written().as_bytes()
    }

    /// Adds the signature in the form that JWS gives it: for ECDSA `R` and `S` side by side, not DER.
    ///
    /// # Errors
    ///
    /// [`Error::Signing`] where the algorithm's signatures have another length, [`Error::BufferTooSmall`].
    pub fn attach(mut self, signature: &[u8]) -> Result<W::Text, Error> {
        check_signature_len(self.alg, signature)?;
        self.out.write(".")?;
        encode(signature, &mut self.out)?;
        Ok(self.out.into_text())
    }

    /// Signs with a key that is at hand.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmNotAllowed`] where the key signs with another algorithm than the header names;
    /// [`Error::Signing`] or [`Error::Rng`] where it fails; [`Error::BufferTooSmall`].
    pub fn sign<K: Sign + ?Sized>(self, key: &K) -> Result<W::Text, Error> {
        with_default_rng(|rng| self.sign_with(key, rng))
    }

    /// The same with random numbers of the caller's, for a key that needs some.
    ///
    /// # Errors
    ///
    /// As [`Unsigned::sign`].
    pub fn sign_with_rng<K, R>(self, key: &K, rng: &mut R) -> Result<W::Text, Error>
    where
        K: Sign + ?Sized,
        R: TryCryptoRng + ?Sized,
    {
        self.sign_with(key, &mut AnyRng(rng))
    }

    fn sign_with<K: Sign + ?Sized>(self, key: &K, rng: &mut dyn Rng) -> Result<W::Text, Error> {
        if key.alg() != self.alg {
            return Err(Error::AlgorithmNotAllowed);
        }
        let mut room = Room::for_key(key);
        let len = key.sign(&[self.signing_input()], rng, room.octets())?;
        self.attach(room.signature(len)?)
    }
}

/// Signs into the caller's buffer, without a heap, and returns the text.
///
/// The buffer needs room for base64url of header, payload and signature, and two octets.
///
/// ```
/// # #[cfg(feature = "p256")] {
/// use jose_jws::{Header, Key, alg::Es256, compact};
/// let key = Key::<Es256, _>::new(p256::ecdsa::SigningKey::from_slice(&[7; 32])?);
/// let header = Header { kid: Some("dev-7"), ..Header::default() };
/// let mut buffer = [0; 256];
/// let token = compact::sign_in(&key, &header, br#"{"sub":"dev-7"}"#, &mut buffer)?;
/// assert!(token.starts_with("eyJhbGciOiJFUzI1NiIsImtpZCI6ImRldi03In0."));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Error::Signing`] or [`Error::Rng`] where the key fails; otherwise as [`Unsigned::new_in`].
pub fn sign_in<'o, K: Sign + ?Sized>(
    key: &K,
    header: &Header<'_>,
    payload: &[u8],
    buffer: &'o mut [u8],
) -> Result<&'o str, Error> {
    Unsigned::new_in(key.alg(), &named(header, key)?, payload, buffer)?.sign(key)
}

/// The same with random numbers of the caller's, for a key that needs some.
///
/// # Errors
///
/// As [`sign_in`].
pub fn sign_in_with_rng<'o, K: Sign + ?Sized, R: TryCryptoRng + ?Sized>(
    key: &K,
    header: &Header<'_>,
    payload: &[u8],
    buffer: &'o mut [u8],
    rng: &mut R,
) -> Result<&'o str, Error> {
    Unsigned::new_in(key.alg(), &named(header, key)?, payload, buffer)?.sign_with_rng(key, rng)
}

/// Signs, and returns the text.
///
/// ```
/// # #[cfg(all(feature = "std", feature = "p256"))] {
/// use jose_jwk::{Curve, Jwk, SysRng};
/// use jose_jws::{Header, SigningKey, compact};
/// let key = SigningKey::try_from(&Jwk::generate(Curve::P256, &mut SysRng)?)?;
/// let token = compact::sign(&key, &Header::default(), b"payload")?;
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// As [`sign_in`].
#[cfg(feature = "alloc")]
pub fn sign<K: Sign + ?Sized>(key: &K, header: &Header<'_>, payload: &[u8]) -> Result<String, Error> {
    Unsigned::new(key.alg(), &named(header, key)?, payload)?.sign(key)
}

/// The same with random numbers of the caller's, for a key that needs some.
///
/// # Errors
///
/// As [`sign_in`].
#[cfg(feature = "alloc")]
pub fn sign_with_rng<K: Sign + ?Sized, R: TryCryptoRng + ?Sized>(
    key: &K,
    header: &Header<'_>,
    payload: &[u8],
    rng: &mut R,
) -> Result<String, Error> {
    Unsigned::new(key.alg(), &named(header, key)?, payload)?.sign_with_rng(key, rng)
}
