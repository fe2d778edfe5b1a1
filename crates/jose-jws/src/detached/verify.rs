#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::fmt;

use jose_b64::base64url;
use jose_jwk::JwsAlg;
use jose_jwk::header::JoseHeader;

use crate::hash::{Pieces, VerifyHashed};
use crate::key::{Signed, Verify};
use crate::output::decode;
use crate::{Error, rules, trace};

/// A detached compact JWS as it was received.
#[derive(Clone, Copy)]
pub struct Unverified<'t> {
    header: &'t [u8],
    signature: &'t [u8],
    understood: &'t [&'t str],
}

impl<'t> Unverified<'t> {
    /// Splits the text into its parts.
    ///
    /// # Errors
    ///
    /// [`Error::Segments`]; [`Error::PayloadPresent`]; [`Error::Header`] where the header is longer than
    /// [`MAX_HEADER_LEN`](jose_jwk::header::MAX_HEADER_LEN).
    pub fn parse<T: AsRef<[u8]> + ?Sized>(token: &'t T) -> Result<Self, Error> {
        let [header, payload, signature] = rules::segments(token.as_ref())?;
        if !payload.is_empty() {
            return Err(Error::PayloadPresent);
        }
        Ok(Self { header, signature, understood: &[] })
    }

    /// Names the extensions that the caller understands and acts upon, up to eight, so that `crit` may name them too.
    /// With more, no `crit` is understood.
    #[must_use]
    pub fn understanding(self, names: &'t [&'t str]) -> Self {
        Self { understood: names, ..self }
    }

    /// Verifies against the payload, in the caller's buffer, without a heap. It needs room for as many octets as the
    /// text has, and base64url of the payload besides where that is encoded (`b64` is not false).
    ///
    /// # Errors
    ///
    /// [`Error::Signature`] where the signature does not verify; before that, a variant of [`Error`] for what is wrong
    /// with the message, its algorithm or the choice of a key.
    pub fn verify_in<'b, V: Verify + ?Sized>(
        &self,
        key: &V,
        payload: &[u8],
        buffer: &'b mut [u8],
    ) -> Result<Verified<&'b [u8]>, Error> {
        let layout = self.open(key, payload, buffer)?;
        Ok(Verified { buffer, layout })
    }

    /// Verifies against the payload.
    ///
    /// # Errors
    ///
    /// As [`Unverified::verify_in`].
    #[cfg(feature = "alloc")]
    pub fn verify<V: Verify + ?Sized>(&self, key: &V, payload: &[u8]) -> Result<Verified<Vec<u8>>, Error> {
        let encoded = base64url::encoded_len(payload.len()).unwrap_or(usize::MAX);
        let len = self.header.len().saturating_add(self.signature.len());
        let mut buffer = alloc::vec![0; len.saturating_add(encoded)];
        let layout = self.open(key, payload, &mut buffer)?;
        Ok(Verified { buffer, layout })
    }

    /// Starts to verify against a payload that comes piece by piece, in the caller's buffer, without a heap. As many
    /// octets as the text has are always enough.
    ///
    /// # Errors
    ///
    /// As [`Unverified::verify_in`] for everything but the signature; [`Error::WholePayload`] where the key's algorithm
    /// needs the whole payload.
    pub fn verifier_in<'v, V: VerifyHashed + ?Sized>(
        &self,
        key: &'v V,
        buffer: &'v mut [u8],
    ) -> Result<Verifier<'v, V, &'v [u8]>, Error> {
        let (pieces, head) = self.start(key, buffer)?;
        Ok(Verifier { key, pieces, buffer, head })
    }

    /// The same with a buffer of its own.
    ///
    /// # Errors
    ///
    /// As [`Unverified::verifier_in`].
    #[cfg(feature = "alloc")]
    pub fn verifier<'v, V: VerifyHashed + ?Sized>(
        &self,
        key: &'v V,
    ) -> Result<Verifier<'v, V, Vec<u8>>, Error> {
        let mut buffer = alloc::vec![0; self.header.len().saturating_add(self.signature.len())];
        let (pieces, head) = self.start(key, &mut buffer)?;
        Ok(Verifier { key, pieces, buffer, head })
    }

    fn open<V: Verify + ?Sized>(&self, key: &V, payload: &[u8], buffer: &mut [u8]) -> Result<Layout, Error> {
        let (head, header, signature, rest) = self.head(key, buffer)?;
        let payload = if head.encoded { base64url::encode(payload, rest)?.as_bytes() } else { payload };
        let message = &[self.header, b".", payload];
        let unprotected = JoseHeader::default();
        let signed = Signed { alg: head.alg, header, unprotected, message, signature };
        let index = key.verify(&signed).map_err(|error| trace::refused(error, &signed))?;
        Ok(Layout { head, key: index })
    }

    fn start<V: VerifyHashed + ?Sized>(&self, key: &V, buffer: &mut [u8]) -> Result<(Pieces, Head), Error> {
        let (head, header, signature, _) = self.head(key, buffer)?;
        let unprotected = JoseHeader::default();
        let signed = Signed { alg: head.alg, header, unprotected, message: &[], signature };
        let hasher = key.hasher(&signed).map_err(|error| trace::refused(error, &signed))?;
        Ok((Pieces::new([hasher.after(self.header)], head.encoded), head))
    }

    /// Decodes header and signature to the front of the buffer, and checks everything that the header says.
    #[expect(clippy::type_complexity, reason = "the parts of one buffer")]
    fn head<'b, V: Verify + ?Sized>(
        &self,
        key: &V,
        buffer: &'b mut [u8],
    ) -> Result<(Head, JoseHeader<'b>, &'b [u8], &'b mut [u8]), Error> {
        let (text, rest) = decode(self.header, buffer)?;
        let header = JoseHeader::parse(text)?;
        let alg = rules::alg(&header)?;
        if !key.algs().contains(alg) {
            return Err(key.refusal(alg));
        }
        rules::check_crit(&header, &[], self.understood)?;
        let encoded = rules::is_encoded(&header)?;
        let (signature, rest) = decode(self.signature, rest)?;
        let head = Head { header: text.len(), signature: signature.len(), alg, encoded };
        Ok((head, header, signature, rest))
    }
}

impl fmt::Debug for Unverified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified").finish_non_exhaustive()
    }
}

/// What stands at the front of a buffer: the header and then the signature, by their lengths.
#[derive(Clone, Debug)]
struct Head {
    header: usize,
    signature: usize,
    alg: JwsAlg,
    encoded: bool,
}

/// The same with what verified it.
#[derive(Clone, Debug)]
struct Layout {
    head: Head,
    key: usize,
}

/// Verifies a payload that comes piece by piece. See the [module](crate::detached).
///
/// A [`VerifyingKey`](crate::VerifyingKey) or [`VerifyingKeys`](crate::VerifyingKeys) gives a key that fits with
/// `hashing`.
#[must_use = "`finish` verifies"]
pub struct Verifier<'v, V: ?Sized, B> {
    key: &'v V,
    pieces: Pieces,
    buffer: B,
    head: Head,
}

impl<V: VerifyHashed + ?Sized, B: AsRef<[u8]>> Verifier<'_, V, B> {
    /// Takes the next octets of the payload. Nothing is known of them before [`Verifier::finish`] has said so.
    pub fn update(&mut self, octets: &[u8]) {
        self.pieces.update(octets);
    }

    /// Verifies what was taken.
    ///
    /// # Errors
    ///
    /// [`Error::Signature`] where the signature does not verify.
    pub fn finish(self) -> Result<Verified<B>, Error> {
        let Self { key, pieces, buffer, head } = self;
        let octets = buffer.as_ref();
        let (header, rest) = octets.split_at_checked(head.header).ok_or(Error::Signature)?;
        let signature = rest.get(..head.signature).ok_or(Error::Signature)?;
        let header = JoseHeader::parse(header)?;
        let unprotected = JoseHeader::default();
        let signed = Signed { alg: head.alg, header, unprotected, message: &[], signature };
        let [hasher] = pieces.finish();
        let index = key.verify_hashed(hasher, &signed).map_err(|error| trace::refused(error, &signed))?;
        Ok(Verified { layout: Layout { head, key: index }, buffer })
    }
}

impl<V: ?Sized, B> fmt::Debug for Verifier<'_, V, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

/// The header of a detached JWS whose signature was verified: only verifying makes one. The payload is the one that was
/// given.
#[derive(Clone, Debug)]
pub struct Verified<B> {
    buffer: B,
    layout: Layout,
}

impl<B: AsRef<[u8]>> Verified<B> {
    /// The protected header.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        // It was read once already, and the buffer has not changed since.
        let text = self.buffer.as_ref().get(..self.layout.head.header).unwrap_or_default();
        JoseHeader::parse(text).unwrap_or_default()
    }

    /// The algorithm that verified it.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.layout.head.alg
    }

    /// The place of the key that verified it among those that were given, 0 where there was one.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.layout.key
    }

    /// Whether the payload was signed as base64url, and not as it is (`b64` false, RFC 7797).
    #[must_use]
    pub fn is_encoded(&self) -> bool {
        self.layout.head.encoded
    }
}

/// Verifies in the caller's buffer, without a heap: [`Unverified::parse`] and [`Unverified::verify_in`] in one.
///
/// # Errors
///
/// As both.
pub fn verify_in<'b, V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    key: &V,
    token: &T,
    payload: &[u8],
    buffer: &'b mut [u8],
) -> Result<Verified<&'b [u8]>, Error> {
    Unverified::parse(token)?.verify_in(key, payload, buffer)
}

/// Verifies: [`Unverified::parse`] and [`Unverified::verify`] in one.
///
/// # Errors
///
/// As both.
#[cfg(feature = "alloc")]
pub fn verify<V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    key: &V,
    token: &T,
    payload: &[u8],
) -> Result<Verified<Vec<u8>>, Error> {
    Unverified::parse(token)?.verify(key, payload)
}
