#[cfg(feature = "alloc")]
use alloc::{string::String, vec::Vec};

use jose_jwa::JwsAlg;
use jose_jwa::header::Header;

use crate::error::{Error, Part};
use crate::header::{self, Kid, Written, named};
use crate::key::{Room, Sign, check_signature_len};
use crate::output::{Buffer, Output, encode};

/// A message that lacks only its signature: the two steps for a key that signs elsewhere, on which every other way of
/// signing is built.
///
/// ```
/// use jose_jws::compact::Unsigned;
/// use jose_jws::{Error, Header, JwsAlg};
///
/// fn main() -> Result<(), Error> {
///     let kms_sign = |_signing_input: &[u8]| [1; 64];
///     let mut buffer = [0; 256];
///     let header = Header::new().kid("key-1");
///     let unsigned = Unsigned::new_into(JwsAlg::Es256, b"payload", &header, &mut buffer)?;
///     let signature = kms_sign(unsigned.signing_input());
///     let token = unsigned.attach(&signature)?;
///     assert_eq!(token.split('.').count(), 3);
///     Ok(())
/// }
/// ```
#[derive(Debug)]
#[must_use = "it is not signed yet"]
pub struct Unsigned<O> {
    alg: JwsAlg,
    kid: Kid,
    /// The JWS Signing Input.
    out: O,
    /// The length of the header in it, if the payload is to be left out of the text.
    detached: Option<usize>,
}

impl<'o> Unsigned<Buffer<'o>> {
    /// Writes header and payload into the buffer: the base64url of both, with a `.` between.
    ///
    /// # Errors
    ///
    /// [`Error::BufferTooSmall`]; [`Error::Header`] if the header breaks a rule or is longer than
    /// [`MAX_HEADER_LEN`](jose_jwa::header::MAX_HEADER_LEN); [`Error::B64`], [`Error::PayloadHasDot`] and
    /// [`Error::Encoding`] if the header says that the payload is not encoded.
    pub fn new_into(
        alg: JwsAlg,
        payload: &[u8],
        header: &Header<'_>,
        buffer: &'o mut [u8],
    ) -> Result<Self, Error> {
        Self::build(alg, payload, header, false, Buffer::new(buffer))
    }

    /// Like [`new_into`](Self::new_into), but for a detached payload.
    ///
    /// The buffer has the payload in it until the signature is attached. A payload that is not encoded (`b64` false) may be
    /// of any bytes.
    ///
    /// # Errors
    ///
    /// Those of [`new_into`](Self::new_into).
    pub fn detached_into(
        alg: JwsAlg,
        payload: &[u8],
        header: &Header<'_>,
        buffer: &'o mut [u8],
    ) -> Result<Self, Error> {
        Self::build(alg, payload, header, true, Buffer::new(buffer))
    }
}

#[cfg(feature = "alloc")]
impl Unsigned<Vec<u8>> {
    /// Writes header and payload: the base64url of both, with a `.` between.
    ///
    /// # Errors
    ///
    /// Those of [`Unsigned::new_into`].
    pub fn new(alg: JwsAlg, payload: &[u8], header: &Header<'_>) -> Result<Self, Error> {
        Self::build(alg, payload, header, false, room(payload))
    }

    /// Like [`new`](Self::new), but for a detached payload.
    ///
    /// # Errors
    ///
    /// Those of [`Unsigned::detached_into`].
    pub fn detached(alg: JwsAlg, payload: &[u8], header: &Header<'_>) -> Result<Self, Error> {
        Self::build(alg, payload, header, true, room(payload))
    }

    /// Like [`new`](Self::new), but with the JSON text of a header that is written already, byte for byte.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new); [`Error::AlgorithmNotAllowed`] if the header's `alg` is another one.
    pub fn with_header_text(alg: JwsAlg, payload: &[u8], header: &str) -> Result<Self, Error> {
        Self::with_text(alg, payload, header, false)
    }

    /// Like [`with_header_text`](Self::with_header_text), but for a detached payload.
    ///
    /// # Errors
    ///
    /// Those of [`with_header_text`](Self::with_header_text), except for [`Error::PayloadHasDot`].
    pub fn detached_with_header_text(alg: JwsAlg, payload: &[u8], header: &str) -> Result<Self, Error> {
        Self::with_text(alg, payload, header, true)
    }

    /// With the header that a key has at hand, which says nothing of the payload.
    fn with_written_header<K: Sign + ?Sized>(key: &K, payload: &[u8], header: &[u8]) -> Result<Self, Error> {
        let mut out = room(payload);
        out.extend_from_slice(header);
        let kid = Kid::of(key.kid().map(str::chars));
        let unsigned = Self { alg: key.alg(), kid, out, detached: None };
        unsigned.with_payload(Written { encoded: true, kid }, payload)
    }

    fn with_text(alg: JwsAlg, payload: &[u8], header: &str, detached: bool) -> Result<Self, Error> {
        let written = header::check_written(alg, header)?;
        let mut out = room(payload);
        encode(header.as_bytes(), &mut out)?;
        let detached = detached.then_some(out.len());
        Self { alg, kid: written.kid, out, detached }.with_payload(written, payload)
    }
}

/// Room for most headers and signatures beside the payload.
#[cfg(feature = "alloc")]
fn room(payload: &[u8]) -> Vec<u8> {
    const BESIDE: usize = 512;
    Vec::with_capacity((payload.len() / 3).saturating_mul(4).saturating_add(BESIDE))
}

impl<O: Output> Unsigned<O> {
    fn build(
        alg: JwsAlg,
        payload: &[u8],
        header: &Header<'_>,
        detached: bool,
        mut out: O,
    ) -> Result<Self, Error> {
        let written = header::write(alg.as_str(), header, &mut out)?;
        let detached = detached.then_some(out.written().len());
        Self { alg, kid: written.kid, out, detached }.with_payload(written, payload)
    }

    fn with_payload(mut self, written: Written, payload: &[u8]) -> Result<Self, Error> {
        self.out.write(b".")?;
        if written.encoded {
            encode(payload, &mut self.out)?;
            return Ok(self);
        }
        if self.detached.is_none() {
            if payload.contains(&b'.') {
                return Err(Error::PayloadHasDot);
            }
            core::str::from_utf8(payload).map_err(|_| Part::Payload.error()(jose_b64::Error::Utf8))?;
        }
        self.out.write(payload)?;
        Ok(self)
    }

    /// The algorithm that the header names.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.alg
    }

    /// The bytes to be signed: the JWS Signing Input.
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        self.out.written()
    }

    /// Adds the signature in the form that JWS gives it: for ECDSA `R` and `S` side by side, not DER.
    ///
    /// # Errors
    ///
    /// [`Error::SignatureLength`] if the algorithm's signatures have another length; [`Error::BufferTooSmall`].
    pub fn attach(mut self, signature: &[u8]) -> Result<O::Text, Error> {
        check_signature_len(self.alg, signature)?;
        if let Some(header) = self.detached {
            self.out.truncate(header);
            self.out.write(b".")?;
        }
        self.out.write(b".")?;
        encode(signature, &mut self.out)?;
        self.out.into_text()
    }

    /// Signs with a key that is at hand.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmNotAllowed`] if the key signs with another algorithm than the header names;
    /// [`Error::KidMismatch`] if the key has a `kid` and the header has none or another; [`Error::Signing`] or
    /// [`Error::Rng`] if the key fails; [`Error::BufferTooSmall`].
    pub fn sign<K: Sign + ?Sized>(self, key: &K) -> Result<O::Text, Error> {
        if key.alg() != self.alg {
            return Err(Error::AlgorithmNotAllowed { found: self.alg, allowed: key.alg().into() });
        }
        self.kid.check(key.kid())?;
        let mut room = Room::for_key(key);
        let len = key.sign(&[self.signing_input()], room.bytes())?;
        self.attach(room.signature(len)?)
    }

    /// Like [`sign`](Self::sign), but with a key that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`sign`](Self::sign).
    #[cfg(feature = "alloc")]
    pub async fn sign_async<A, K>(self, key: &crate::AsyncKey<'_, A, K>) -> Result<O::Text, Error>
    where
        A: crate::alg::Algorithm,
        K: signature::AsyncSigner<A::Signature>,
    {
        self.kid.check(key.kid())?;
        let signature = key.sign(self.alg, self.signing_input()).await?;
        self.attach(&signature)
    }
}

/// Signs into the caller's buffer, without a heap, and returns the text.
///
/// The header gets the key's `alg`, and its `kid` if it has none of its own. The buffer needs room for the base64url of
/// header, payload and signature, and two bytes.
///
/// ```
/// use jose_jws::{Header, Key, alg::Es256, compact};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let key = Key::<Es256, _>::new(p256::ecdsa::SigningKey::from_slice(&[7; 32])?)
///         .with_kid("dev-7");
///     let mut buffer = [0; 256];
///     let token =
///         compact::sign_into(&key, br#"{"sub":"dev-7"}"#, &Header::new(), &mut buffer)?;
///     assert!(token.starts_with("eyJhbGciOiJFUzI1NiIsImtpZCI6ImRldi03In0."));
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// [`Error::KidMismatch`] if key and header have different `kid`s; [`Error::Signing`] or [`Error::Rng`] if the key fails;
/// otherwise those of [`Unsigned::new_into`].
pub fn sign_into<'o, K: Sign + ?Sized>(
    key: &K,
    payload: &[u8],
    header: &Header<'_>,
    buffer: &'o mut [u8],
) -> Result<&'o str, Error> {
    Unsigned::new_into(key.alg(), payload, &named(header, key.kid()), buffer)?.sign(key)
}

/// Like [`sign_into`], but leaves the payload out of the text (RFC 7515 appendix F).
///
/// The buffer needs room for the payload as well while it is signed. A payload that does not fit goes through
/// [`stream::Signer`](crate::stream::Signer).
///
/// # Errors
///
/// Those of [`sign_into`].
pub fn sign_detached_into<'o, K: Sign + ?Sized>(
    key: &K,
    payload: &[u8],
    header: &Header<'_>,
    buffer: &'o mut [u8],
) -> Result<&'o str, Error> {
    Unsigned::detached_into(key.alg(), payload, &named(header, key.kid()), buffer)?.sign(key)
}

/// Signs, and returns the text.
///
/// The header gets the key's `alg`, and its `kid` if it has none of its own.
///
/// ```
/// use jose_jws::jwk::{Curve, Jwk, SysRng};
/// use jose_jws::{Header, SigningKey, compact};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let key = SigningKey::try_from(&Jwk::generate(Curve::P256, &mut SysRng)?)?;
///     let token = compact::sign(&key, b"payload", &Header::new())?;
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// Those of [`sign_into`], except for [`Error::BufferTooSmall`].
#[cfg(feature = "alloc")]
pub fn sign<K: Sign + ?Sized>(key: &K, payload: &[u8], header: &Header<'_>) -> Result<String, Error> {
    let unsigned = match key.written_header(header) {
        Some(written) => Unsigned::with_written_header(key, payload, written)?,
        None => Unsigned::new(key.alg(), payload, &named(header, key.kid()))?,
    };
    unsigned.sign(key)
}

/// Like [`sign`], but leaves the payload out of the text (RFC 7515 appendix F).
///
/// # Errors
///
/// Those of [`sign`].
#[cfg(feature = "alloc")]
pub fn sign_detached<K: Sign + ?Sized>(
    key: &K,
    payload: &[u8],
    header: &Header<'_>,
) -> Result<String, Error> {
    Unsigned::detached(key.alg(), payload, &named(header, key.kid()))?.sign(key)
}

/// Like [`sign`], but with a key that answers later.
///
/// # Errors
///
/// Those of [`sign`].
#[cfg(feature = "alloc")]
pub async fn sign_async<A, K>(
    key: &crate::AsyncKey<'_, A, K>,
    payload: &[u8],
    header: &Header<'_>,
) -> Result<String, Error>
where
    A: crate::alg::Algorithm,
    K: signature::AsyncSigner<A::Signature>,
{
    Unsigned::new(A::ALG, payload, &named(header, key.kid()))?.sign_async(key).await
}
