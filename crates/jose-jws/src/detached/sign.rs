#[cfg(feature = "alloc")]
use alloc::{string::String, vec::Vec};
use core::fmt;

use jose_b64::base64url;
use jose_b64::json::SliceWriter;
#[cfg(feature = "alloc")]
use jose_jwk::JwsAlg;
use jose_jwk::header::Header;
use rand_core::TryCryptoRng;

use crate::Error;
use crate::hash::{Pieces, SignHashed};
#[cfg(feature = "alloc")]
use crate::key::check_signature_len;
use crate::key::{Room, Sign};
use crate::output::{Output, encode, write_header};
use crate::rng::{AnyRng, Rng, with_default_rng};
use crate::rules::named;

/// A detached message that only lacks its signature: the two steps for a key that signs elsewhere.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug)]
#[must_use = "it is not signed yet"]
pub struct Unsigned {
    alg: JwsAlg,
    /// base64url.
    header: String,
    /// The whole JWS Signing Input.
    input: Vec<u8>,
}

#[cfg(feature = "alloc")]
impl Unsigned {
    /// Puts the signing input together. A payload that is not encoded (`b64` false, RFC 7797) may be of any octets.
    ///
    /// # Errors
    ///
    /// [`Error::Header`] where `members` of the header cannot stand there or it is too long; [`Error::B64`].
    pub fn new(alg: JwsAlg, header: &Header<'_>, payload: &[u8]) -> Result<Self, Error> {
        let mut text = String::new();
        let encoded = write_header(alg.as_str(), header, &mut text)?;
        Ok(Self::build(alg, text, encoded, payload))
    }

    /// The same with a header that is written already, to the octet.
    ///
    /// # Errors
    ///
    /// As [`Unsigned::new`]; [`Error::AlgorithmNotAllowed`] where the header's `alg` is another one.
    pub fn with_header_text(alg: JwsAlg, header: &str, payload: &[u8]) -> Result<Self, Error> {
        let encoded = crate::rules::check_written(alg, header)?;
        Ok(Self::build(alg, base64url::encode_to_string(header.as_bytes()), encoded, payload))
    }

    fn build(alg: JwsAlg, header: String, encoded: bool, payload: &[u8]) -> Self {
        let mut input = header.clone();
        input.push('.');
        if encoded {
            base64url::encode_into_string(payload, &mut input);
        }
        let mut input = input.into_bytes();
        if !encoded {
            input.extend_from_slice(payload);
        }
        Self { alg, header, input }
    }

    /// The algorithm that the header names.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.alg
    }

    /// The octets to be signed: the JWS Signing Input.
    #[must_use]
    pub fn signing_input(&self) -> &[u8] {
        &self.input
    }

    /// Adds the signature in the form that JWS gives it, and leaves the payload out.
    ///
    /// # Errors
    ///
    /// [`Error::Signing`] where the algorithm's signatures have another length.
    pub fn attach(self, signature: &[u8]) -> Result<String, Error> {
        check_signature_len(self.alg, signature)?;
        let mut text = self.header;
        text.push_str("..");
        base64url::encode_into_string(signature, &mut text);
        Ok(text)
    }

    /// Signs with a key that is at hand.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmNotAllowed`] where the key signs with another algorithm than the header names;
    /// [`Error::Signing`] or [`Error::Rng`] where it fails.
    pub fn sign<K: Sign + ?Sized>(self, key: &K) -> Result<String, Error> {
        with_default_rng(|rng| self.sign_with(key, rng))
    }

    fn sign_with<K: Sign + ?Sized>(self, key: &K, rng: &mut dyn Rng) -> Result<String, Error> {
        if key.alg() != self.alg {
            return Err(Error::AlgorithmNotAllowed);
        }
        let mut room = Room::for_key(key);
        let len = key.sign(&[self.signing_input()], rng, room.octets())?;
        self.attach(room.signature(len)?)
    }
}

/// Signs a payload that is kept apart, and returns the text: the header and the signature, with `..` between.
///
/// # Errors
///
/// [`Error::Signing`] or [`Error::Rng`] where the key fails; otherwise as [`Unsigned::new`].
#[cfg(feature = "alloc")]
pub fn sign<K: Sign + ?Sized>(key: &K, header: &Header<'_>, payload: &[u8]) -> Result<String, Error> {
    Unsigned::new(key.alg(), &named(header, key)?, payload)?.sign(key)
}

/// The same with random numbers of the caller's, for a key that needs some.
///
/// # Errors
///
/// As [`sign`].
#[cfg(feature = "alloc")]
pub fn sign_with_rng<K: Sign + ?Sized, R: TryCryptoRng + ?Sized>(
    key: &K,
    header: &Header<'_>,
    payload: &[u8],
    rng: &mut R,
) -> Result<String, Error> {
    Unsigned::new(key.alg(), &named(header, key)?, payload)?.sign_with(key, &mut AnyRng(rng))
}

/// Signs a payload that is kept apart into the caller's buffer, without a heap, and returns the text.
///
/// The buffer needs room for base64url of header and signature, and two octets; and for base64url of the payload
/// besides, unless it is not encoded (`b64` false) or goes through a [`Signer`].
///
/// # Errors
///
/// [`Error::BufferTooSmall`]; otherwise as [`Unsigned::new`](crate::compact::Unsigned::new_in) and the key's own.
pub fn sign_in<'o, K: Sign + ?Sized>(
    key: &K,
    header: &Header<'_>,
    payload: &[u8],
    buffer: &'o mut [u8],
) -> Result<&'o str, Error> {
    with_default_rng(|rng| sign_in_with(key, header, payload, buffer, rng))
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
    sign_in_with(key, header, payload, buffer, &mut AnyRng(rng))
}

fn sign_in_with<'o, K: Sign + ?Sized>(
    key: &K,
    header: &Header<'_>,
    payload: &[u8],
    buffer: &'o mut [u8],
    rng: &mut dyn Rng,
) -> Result<&'o str, Error> {
    let mut out = SliceWriter::new(buffer);
    let encoded = write_header(key.alg().as_str(), &named(header, key)?, &mut out)?;
    let len = out.written().len();
    let (header, rest) = buffer.split_at_mut_checked(len).ok_or(Error::BufferTooSmall)?;
    // The base64url of the payload stands where the signature will, for as long as it is needed.
    let payload = if encoded { base64url::encode(payload, rest)?.as_bytes() } else { payload };
    let mut room = Room::for_key(key);
    let signature_len = key.sign(&[header, b".", payload], rng, room.octets())?;
    let mut out = SliceWriter::new(rest);
    finish(&mut out, room.signature(signature_len)?)?;
    let len = len.saturating_add(out.written().len());
    // Both parts are base64url.
    core::str::from_utf8(buffer.get(..len).unwrap_or_default()).map_err(|_| Error::Signing)
}

/// What follows the header.
fn finish<W: Output>(out: &mut W, signature: &[u8]) -> Result<(), Error> {
    out.write("..")?;
    encode(signature, out)
}

/// Signs a payload that comes piece by piece. See the [module](crate::detached).
///
/// A [`SigningKey`](crate::SigningKey) gives a key that fits with [`hashing`](crate::SigningKey::hashing).
#[must_use = "`finish` signs"]
pub struct Signer<'k, K: ?Sized, W> {
    key: &'k K,
    pieces: Pieces,
    out: W,
}

impl<'k, 'o, K: SignHashed + ?Sized> Signer<'k, K, SliceWriter<'o>> {
    /// Starts with the header, in the caller's buffer. It needs room for base64url of header and signature, and two
    /// octets.
    ///
    /// # Errors
    ///
    /// As [`sign_in`]; [`Error::WholePayload`] where the key's algorithm needs the whole payload.
    pub fn new_in(key: &'k K, header: &Header<'_>, buffer: &'o mut [u8]) -> Result<Self, Error> {
        Self::build(key, header, SliceWriter::new(buffer))
    }
}

#[cfg(feature = "alloc")]
impl<'k, K: SignHashed + ?Sized> Signer<'k, K, String> {
    /// Starts with the header.
    ///
    /// # Errors
    ///
    /// As [`Signer::new_in`].
    pub fn new(key: &'k K, header: &Header<'_>) -> Result<Self, Error> {
        Self::build(key, header, String::new())
    }
}

impl<'k, K: SignHashed + ?Sized, W: Output> Signer<'k, K, W> {
    fn build(key: &'k K, header: &Header<'_>, mut out: W) -> Result<Self, Error> {
        let encoded = write_header(key.alg().as_str(), &named(header, key)?, &mut out)?;
        let pieces = Pieces::new([key.hasher()?.after(out.written().as_bytes())], encoded);
        Ok(Self { key, pieces, out })
    }

    /// Takes the next octets of the payload.
    pub fn update(&mut self, octets: &[u8]) {
        self.pieces.update(octets);
    }

    /// Signs what was taken, and returns the text.
    ///
    /// # Errors
    ///
    /// [`Error::Signing`] or [`Error::Rng`] where the key fails; [`Error::BufferTooSmall`].
    pub fn finish(self) -> Result<W::Text, Error> {
        with_default_rng(|rng| self.finish_with(rng))
    }

    /// The same with random numbers of the caller's, for a key that needs some.
    ///
    /// # Errors
    ///
    /// As [`Signer::finish`].
    pub fn finish_with_rng<R: TryCryptoRng + ?Sized>(self, rng: &mut R) -> Result<W::Text, Error> {
        self.finish_with(&mut AnyRng(rng))
    }

    fn finish_with(mut self, rng: &mut dyn Rng) -> Result<W::Text, Error> {
        let mut room = Room::for_key(self.key);
        let [hasher] = self.pieces.finish();
        let len = self.key.sign_hashed(hasher, rng, room.octets())?;
        finish(&mut self.out, room.signature(len)?)?;
        Ok(self.out.into_text())
    }
}

impl<K: ?Sized, W> fmt::Debug for Signer<'_, K, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}
