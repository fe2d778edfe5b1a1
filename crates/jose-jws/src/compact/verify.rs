use core::fmt;
use core::ops::Range;

#[cfg(feature = "alloc")]
use alloc::vec::Vec;

use jose_b64::base64url;
use jose_jwk::header::JoseHeader;
use jose_jwk::{AlgSet, JwsAlg};

use crate::key::{Signed, Verify};
use crate::output::decode;
use crate::{Error, rules, trace};

/// A compact JWS as it was received. Nothing of it can be read before it is verified, but by the call that says so.
#[derive(Clone, Copy)]
pub struct Unverified<'t> {
    header: &'t [u8],
    payload: &'t [u8],
    signature: &'t [u8],
    /// The first two parts with the `.` between them.
    signing_input: &'t [u8],
    understood: &'t [&'t str],
    unencoded: bool,
}

/// Where header and payload stand in the buffer, and what verified them.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    header: Range<usize>,
    payload: Range<usize>,
    alg: JwsAlg,
    key: usize,
}

impl<'t> Unverified<'t> {
    /// Splits the text into its three parts. What is in them is looked at when it is verified.
    ///
    /// # Errors
    ///
    /// [`Error::Segments`], or [`Error::Header`] where the header is longer than
    /// [`MAX_HEADER_LEN`](jose_jwk::header::MAX_HEADER_LEN).
    pub fn parse<T: AsRef<[u8]> + ?Sized>(token: &'t T) -> Result<Self, Error> {
        let token = token.as_ref();
        let [header, payload, signature] = rules::segments(token)?;
        let signing_input = token.get(..token.len().saturating_sub(signature.len().saturating_add(1)));
        let signing_input = signing_input.unwrap_or_default();
        Ok(Self { header, payload, signature, signing_input, understood: &[], unencoded: false })
    }

    /// Names the extensions that the caller understands and acts upon, up to eight, so that `crit` may name them too.
    /// With more, no `crit` is understood.
    #[must_use]
    pub fn understanding(self, names: &'t [&'t str]) -> Self {
        Self { understood: names, ..self }
    }

    /// Allows the payload not to be encoded (`b64` false, RFC 7797). A JWT never is.
    #[must_use]
    pub fn allow_unencoded(self) -> Self {
        Self { unencoded: true, ..self }
    }

    /// Verifies in the caller's buffer, without a heap. As many octets as the whole text has are always enough.
    ///
    /// # Errors
    ///
    /// [`Error::Signature`] where the signature does not verify; before that, a variant of [`Error`] for what is wrong
    /// with the message, its algorithm or the choice of a key.
    pub fn verify_in<'b, V: Verify + ?Sized>(
        &self,
        key: &V,
        buffer: &'b mut [u8],
    ) -> Result<Verified<&'b [u8]>, Error> {
        let layout = self.open(key, buffer)?;
        Ok(Verified { buffer, layout })
    }

    /// Verifies, with one allocation.
    ///
    /// # Errors
    ///
    /// As [`Unverified::verify_in`].
    #[cfg(feature = "alloc")]
    pub fn verify<V: Verify + ?Sized>(&self, key: &V) -> Result<Verified<Vec<u8>>, Error> {
        let mut buffer = alloc::vec![0; self.buffer_len()];
        let layout = self.open(key, &mut buffer)?;
        Ok(Verified { buffer, layout })
    }

    /// Decodes header and payload into the caller's buffer **without verifying anything**: for logs and diagnosis.
    ///
    /// # Errors
    ///
    /// [`Error::Header`], [`Error::Encoding`] or [`Error::BufferTooSmall`].
    pub fn dangerous_decode_in<'b>(&self, buffer: &'b mut [u8]) -> Result<(JoseHeader<'b>, &'b [u8]), Error> {
        let (header, rest) = self.decode_header(buffer)?;
        let encoded = rules::is_encoded(&header)?;
        let (payload, _) = self.decode_payload(encoded, rest)?;
        Ok((header, payload))
    }

    /// Decodes the header **without verifying anything**: for logs and diagnosis, or to choose a key by it.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] where it is not strict base64url. Whether it is a header is for
    /// [`JoseHeader::parse`] to say.
    #[cfg(feature = "alloc")]
    pub fn dangerous_header(&self) -> Result<Vec<u8>, Error> {
        Ok(base64url::decode_to_vec(self.header)?)
    }

    /// Room for everything that is decoded.
    #[cfg(feature = "alloc")]
    pub(crate) fn buffer_len(&self) -> usize {
        self.signing_input.len().saturating_add(base64url::decoded_len(self.signature.len()))
    }

    fn decode_header<'b>(&self, buffer: &'b mut [u8]) -> Result<(JoseHeader<'b>, &'b mut [u8]), Error> {
        let (header, rest) = decode(self.header, buffer)?;
        Ok((JoseHeader::parse(header)?, rest))
    }

    fn decode_payload<'b>(
        &self,
        encoded: bool,
        buffer: &'b mut [u8],
    ) -> Result<(&'b [u8], &'b mut [u8]), Error> {
        if encoded {
            return decode(self.payload, buffer);
        }
        let (payload, rest) = buffer.split_at_mut_checked(self.payload.len()).ok_or(Error::BufferTooSmall)?;
        payload.copy_from_slice(self.payload);
        Ok((payload, rest))
    }

    fn open<V: Verify + ?Sized>(&self, key: &V, buffer: &mut [u8]) -> Result<Layout, Error> {
        let (mut layout, signed) = self.read(key.algs(), |alg| key.refusal(alg), buffer)?;
        let signed = Signed { message: &[self.signing_input], ..signed };
        layout.key = key.verify(&signed).map_err(|error| trace::refused(error, &signed))?;
        Ok(layout)
    }

    /// Decodes everything into the buffer and checks what the header says; what is left is the signature over
    /// [`Unverified::signing_input`].
    pub(crate) fn read<'b>(
        &self,
        allowed: AlgSet<JwsAlg>,
        refusal: impl FnOnce(JwsAlg) -> Error,
        buffer: &'b mut [u8],
    ) -> Result<(Layout, Signed<'b>), Error> {
        let (header, rest) = self.decode_header(buffer)?;
        let alg = rules::alg(&header)?;
        if !allowed.contains(alg) {
            return Err(refusal(alg));
        }
        rules::check_crit(&header, &[], self.understood)?;
        let encoded = rules::is_encoded(&header)?;
        if !encoded && !self.unencoded {
            return Err(Error::Unencoded);
        }
        let (payload, rest) = self.decode_payload(encoded, rest)?;
        let (signature, _) = decode(self.signature, rest)?;
        // Each part was decoded to where the one before it ends.
        let end = base64url::decoded_len(self.header.len());
        let layout = Layout { header: 0..end, payload: end..end.saturating_add(payload.len()), alg, key: 0 };
        Ok((layout, Signed { alg, header, unprotected: JoseHeader::default(), message: &[], signature }))
    }

    #[cfg(feature = "alloc")]
    pub(crate) fn signing_input(&self) -> &'t [u8] {
        self.signing_input
    }
}

impl fmt::Debug for Unverified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified").finish_non_exhaustive()
    }
}

/// A JWS whose signature was verified: only verifying makes one.
#[derive(Clone, Debug)]
pub struct Verified<B> {
    buffer: B,
    layout: Layout,
}

impl<B> Verified<B> {
    /// Of a buffer into which everything was decoded and whose signature was verified.
    #[cfg(feature = "alloc")]
    pub(crate) fn new(buffer: B, layout: Layout) -> Self {
        Self { buffer, layout }
    }
}

impl<B: AsRef<[u8]>> Verified<B> {
    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.buffer.as_ref().get(range.clone()).unwrap_or_default()
    }

    /// The payload.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.part(&self.layout.payload)
    }

    /// The payload, as text.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] where it is not UTF-8.
    pub fn text(&self) -> Result<&str, Error> {
        core::str::from_utf8(self.payload()).map_err(|_| Error::Encoding(jose_b64::Error::Utf8))
    }

    /// The protected header.
    #[must_use]
    pub fn header(&self) -> JoseHeader<'_> {
        // It was read once already, and the buffer has not changed since.
        JoseHeader::parse(self.part(&self.layout.header)).unwrap_or_default()
    }

    /// The algorithm that verified it.
    #[must_use]
    pub fn alg(&self) -> JwsAlg {
        self.layout.alg
    }

    /// The place of the key that verified it among those that were given, 0 where there was one.
    #[must_use]
    pub fn key_index(&self) -> usize {
        self.layout.key
    }
}

/// Verifies in the caller's buffer, without a heap: [`Unverified::parse`] and [`Unverified::verify_in`] in one.
///
/// ```
/// # #[cfg(feature = "hmac")] {
/// use jose_jws::{Key, alg::{Hs256, HmacKey}, compact};
/// let key = Key::<Hs256, _>::new(HmacKey::new(b"a secret of at least 32 octets...")?);
/// let mut buffer = [0; 256];
/// let token = compact::sign_in(&key, &Default::default(), b"payload", &mut buffer)?;
/// let mut room = [0; 256];
/// assert_eq!(compact::verify_in(&key, token, &mut room)?.payload(), b"payload");
/// # }
/// # Ok::<(), jose_jws::Error>(())
/// ```
///
/// # Errors
///
/// As both.
pub fn verify_in<'b, V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    key: &V,
    token: &T,
    buffer: &'b mut [u8],
) -> Result<Verified<&'b [u8]>, Error> {
    Unverified::parse(token)?.verify_in(key, buffer)
}

/// Verifies, with one allocation: [`Unverified::parse`] and [`Unverified::verify`] in one.
///
/// # Errors
///
/// As both.
#[cfg(feature = "alloc")]
pub fn verify<V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    key: &V,
    token: &T,
) -> Result<Verified<Vec<u8>>, Error> {
    Unverified::parse(token)?.verify(key)
}
