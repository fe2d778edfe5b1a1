#[cfg(feature = "alloc")]
use alloc::string::String;

use jose_b64::base64url::Encoder;
use jose_b64::json::{SliceWriter, Write};
use jose_jwk::JwsAlg;
use jose_jwk::header::{Header, JoseHeader};
use rand_core::TryCryptoRng;

use super::is_encoded;
use crate::Error;
use crate::key::{AnyRng, Rng, Sign, with_default_rng};

/// The longest signature of the families that need no heap: ES512's.
const SMALL_SIGNATURE: usize = 132;

/// Where a serialization is written: a buffer of the caller's, or a `String`. Sealed.
pub trait Output: Write + sealed::Sealed {
    /// The finished text.
    type Text;

    /// What stands there so far.
    fn written(&self) -> &str;

    /// What stands there in the end.
    fn into_text(self) -> Self::Text;
}

mod sealed {
    #[expect(unnameable_types, reason = "it seals `Output`")]
    pub trait Sealed {}
    impl Sealed for jose_b64::json::SliceWriter<'_> {}
    #[cfg(feature = "alloc")]
    impl Sealed for alloc::string::String {}
}

impl<'o> Output for SliceWriter<'o> {
    type Text = &'o str;

    fn written(&self) -> &str {
        Self::written(self)
    }

    fn into_text(self) -> &'o str {
        self.finish()
    }
}

#[cfg(feature = "alloc")]
impl Output for String {
    type Text = Self;

    fn written(&self) -> &str {
        self
    }

    fn into_text(self) -> Self {
        self
    }
}

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

/// Writes the base64url of what is written to it.
struct Base64Writer<'w, W> {
    encoder: Encoder,
    out: &'w mut W,
}

impl<'w, W: Write> Base64Writer<'w, W> {
    fn new(out: &'w mut W) -> Self {
        Self { encoder: Encoder::new(), out }
    }

    fn update(&mut self, octets: &[u8]) -> Result<(), jose_b64::Error> {
        let mut result = Ok(());
        self.encoder.update(octets, |text| result = result.and_then(|()| self.out.write(text)));
        result
    }

    fn finish(self) -> Result<(), jose_b64::Error> {
        let mut result = Ok(());
        self.encoder.finish(|text| result = result.and_then(|()| self.out.write(text)));
        result
    }
}

impl<W: Write> Write for Base64Writer<'_, W> {
    fn write(&mut self, text: &str) -> Result<(), jose_b64::Error> {
        self.update(text.as_bytes())
    }
}

fn encode<W: Write>(octets: &[u8], out: &mut W) -> Result<(), Error> {
    let mut writer = Base64Writer::new(out);
    writer.update(octets)?;
    Ok(writer.finish()?)
}

impl<'o> Unsigned<SliceWriter<'o>> {
    /// Writes header and payload into the buffer: base64url of both, with a `.` between.
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`]; [`Error::Header`] where `members` of the header cannot stand there; [`Error::B64`]
    /// and [`Error::PayloadHasDot`] where the header says that the payload is not encoded.
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
        let read = JoseHeader::parse(header.as_bytes())?;
        if read.alg().ok_or(Error::AlgorithmMissing)? != *alg.as_str() {
            return Err(Error::AlgorithmNotAllowed);
        }
        read.check_crit_as_written()?;
        let mut out = Self::string(payload);
        encode(header.as_bytes(), &mut out)?;
        Self { alg, out }.with_payload(is_encoded(&read)?, payload)
    }

    /// A string with room for most headers and signatures beside the payload.
    fn string(payload: &[u8]) -> String {
        const BESIDE: usize = 512;
        String::with_capacity((payload.len() / 3).saturating_mul(4).saturating_add(BESIDE))
    }
}

impl<W: Output> Unsigned<W> {
    fn build(alg: JwsAlg, header: &Header<'_>, payload: &[u8], mut out: W) -> Result<Self, Error> {
        let mut writer = Base64Writer::new(&mut out);
        header.write(&[("alg", alg.as_str())], &mut writer)?;
        writer.finish()?;
        let encoded = match header.members {
            Some(text) => is_encoded(&JoseHeader::parse(text.as_bytes())?)?,
            None => true,
        };
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
        if signature.is_empty() || self.alg.signature_len().is_some_and(|len| len != signature.len()) {
            return Err(Error::Signing);
        }
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
        let max = key.max_signature_len();
        let mut small = [0; SMALL_SIGNATURE];
        #[cfg(feature = "alloc")]
        let mut large = alloc::vec![0; if max > SMALL_SIGNATURE { max } else { 0 }];
        #[cfg(not(feature = "alloc"))]
        let mut large = [];
        let signature: &mut [u8] = if max > SMALL_SIGNATURE { &mut large } else { &mut small };
        let len = key.sign(&[self.signing_input()], rng, signature)?;
        self.attach(signature.get(..len).ok_or(Error::Signing)?)
    }
}

/// The header with the key's `kid`, where it has none of its own.
fn named<'h>(header: &Header<'h>, key: &'h (impl Sign + ?Sized)) -> Result<Header<'h>, Error> {
    let own = match header.members {
        Some(text) => JoseHeader::parse(text.as_bytes())?.kid().is_some(),
        None => false,
    };
    Ok(Header { kid: if own { header.kid } else { header.kid.or(key.kid()) }, ..*header })
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
