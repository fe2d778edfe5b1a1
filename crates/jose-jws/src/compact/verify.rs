#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::fmt;

use jose_b64::base64url;
use jose_jwa::header::JoseHeader;

use super::verified::{Detached, Head, Layout, Verified, VerifiedDetached};
use crate::check;
use crate::error::{Error, Part};
use crate::header;
use crate::key::{Candidate, Verify};
use crate::output::decode;

/// A compact JWS as it was received. Its contents are not accessible until it is verified, except through the `dangerous_*`
/// methods.
#[derive(Clone, Copy)]
pub struct Unverified<'t> {
    header: &'t [u8],
    payload: &'t [u8],
    signature: &'t [u8],
    /// The first two parts with the `.` between them.
    signing_input: &'t [u8],
    understood: &'t [&'t str],
    unencoded: bool,
    padding: bool,
}

/// Header and signature of a message, decoded to the front of a buffer and checked.
pub(crate) struct Opened<'b> {
    pub(crate) candidate: Candidate<'b>,
    pub(crate) encoded: bool,
    pub(crate) head: Head,
    /// The rest of the buffer.
    rest: &'b mut [u8],
}

impl<'t> Unverified<'t> {
    /// Splits the text into its three parts. Their contents are checked when the message is verified.
    ///
    /// # Errors
    ///
    /// [`Error::Segments`], [`Error::IsJson`] or [`Error::Bearer`] if the text is something else; [`Error::Header`] if the
    /// header is longer than [`MAX_HEADER_LEN`](jose_jwa::header::MAX_HEADER_LEN).
    pub fn parse<T: AsRef<[u8]> + ?Sized>(token: &'t T) -> Result<Self, Error> {
        let token = token.as_ref();
        let [header, payload, signature] = header::segments(token)?;
        let signing_input = token.get(..token.len().saturating_sub(signature.len().saturating_add(1)));
        let signing_input = signing_input.unwrap_or_default();
        Ok(Self {
            header,
            payload,
            signature,
            signing_input,
            understood: &[],
            unencoded: false,
            padding: false,
        })
    }

    /// Names the extensions that the caller understands and acts upon, up to eight, so that `crit` may name them too. With
    /// more, no `crit` is understood.
    #[must_use]
    pub fn understand(self, names: &'t [&'t str]) -> Self {
        Self { understood: names, ..self }
    }

    /// Allows the payload not to be encoded (`b64` false, RFC 7797). A JWT never is.
    #[must_use]
    pub fn allow_unencoded(self) -> Self {
        Self { unencoded: true, ..self }
    }

    /// Accepts parts with base64 padding, against RFC 7515 section 2, as the load balancers of AWS write them. What was signed
    /// is the text as it was received, padding included.
    #[must_use]
    pub fn allow_padding(self) -> Self {
        Self { padding: true, ..self }
    }

    /// Verifies in the caller's buffer, without a heap. A buffer as long as the whole text is always enough.
    ///
    /// # Errors
    ///
    /// [`Error::Signature`] if the signature does not verify; before that, a variant of [`Error`] for what is wrong with the
    /// message, its algorithm or the choice of a key.
    pub fn verify_into<'b, V: Verify + ?Sized>(
        &self,
        key: &V,
        buffer: &'b mut [u8],
    ) -> Result<Verified<&'b [u8]>, Error> {
        let layout = self.check(key, buffer)?;
        Ok(Verified::new(buffer, layout))
    }

    /// Verifies, with one allocation.
    ///
    /// # Errors
    ///
    /// Those of [`verify_into`](Self::verify_into).
    #[cfg(feature = "alloc")]
    pub fn verify<V: Verify + ?Sized>(&self, key: &V) -> Result<Verified<Vec<u8>>, Error> {
        let mut buffer = alloc::vec![0; self.buffer_len()];
        let layout = self.check(key, &mut buffer)?;
        Ok(Verified::new(buffer, layout))
    }

    /// Verifies against a detached payload (RFC 7515 appendix F) in the caller's buffer, without a heap.
    ///
    /// The buffer needs as many bytes as the text has, and room for the base64url of the payload if that is encoded (`b64`
    /// is not false). A payload that does not fit goes through [`stream::Verifier`](crate::stream::Verifier).
    ///
    /// # Errors
    ///
    /// [`Error::PayloadPresent`] if the message has a payload; otherwise those of [`verify_into`](Self::verify_into).
    pub fn verify_detached_into<'b, V: Verify + ?Sized>(
        &self,
        key: &V,
        payload: &[u8],
        buffer: &'b mut [u8],
    ) -> Result<VerifiedDetached<&'b [u8]>, Error> {
        let detached = self.check_detached(key, payload, buffer)?;
        Ok(VerifiedDetached::new(buffer, detached))
    }

    /// Verifies against a detached payload (RFC 7515 appendix F).
    ///
    /// # Errors
    ///
    /// Those of [`verify_detached_into`](Self::verify_detached_into).
    #[cfg(feature = "alloc")]
    pub fn verify_detached<V: Verify + ?Sized>(
        &self,
        key: &V,
        payload: &[u8],
    ) -> Result<VerifiedDetached<Vec<u8>>, Error> {
        let encoded = base64url::encoded_len(payload.len()).unwrap_or(usize::MAX);
        let mut buffer = alloc::vec![0; self.head_len().saturating_add(encoded)];
        let detached = self.check_detached(key, payload, &mut buffer)?;
        Ok(VerifiedDetached::new(buffer, detached))
    }

    /// Decodes header and payload into the caller's buffer **without verifying anything**: for logs and diagnosis.
    ///
    /// # Errors
    ///
    /// [`Error::Header`], [`Error::Encoding`] or [`Error::BufferTooSmall`].
    pub fn dangerous_decode_into<'b>(
        &self,
        buffer: &'b mut [u8],
    ) -> Result<(JoseHeader<'b>, &'b [u8]), Error> {
        let (header, rest) = decode(Part::Header, self.unpadded(self.header), buffer)?;
        let header = JoseHeader::parse(header)?;
        let (payload, _) = self.decode_payload(header::is_encoded(&header)?, rest)?;
        Ok((header, payload))
    }

    /// Decodes the header **without verifying anything**: for logs and diagnosis, or to choose a key by it.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] if it is not strict base64url. [`JoseHeader::parse`] tells whether it is a header.
    #[cfg(feature = "alloc")]
    pub fn dangerous_header(&self) -> Result<Vec<u8>, Error> {
        base64url::decode_to_vec(self.unpadded(self.header)).map_err(Part::Header.error())
    }

    /// Decodes the payload **without verifying anything**: for logs and diagnosis.
    ///
    /// # Errors
    ///
    /// [`Error::Encoding`] if it is not strict base64url.
    #[cfg(feature = "alloc")]
    pub fn dangerous_payload(&self) -> Result<Vec<u8>, Error> {
        base64url::decode_to_vec(self.unpadded(self.payload)).map_err(Part::Payload.error())
    }

    /// The part without the padding that is allowed.
    fn unpadded(&self, part: &'t [u8]) -> &'t [u8] {
        if !self.padding || !part.len().is_multiple_of(4) {
            return part;
        }
        part.strip_suffix(b"==").or(part.strip_suffix(b"=")).unwrap_or(part)
    }

    /// Room for everything that is decoded.
    #[cfg(feature = "alloc")]
    fn buffer_len(&self) -> usize {
        self.signing_input.len().saturating_add(base64url::decoded_len(self.signature.len()))
    }

    /// Room for header and signature.
    #[cfg(feature = "alloc")]
    pub(crate) fn head_len(&self) -> usize {
        self.header.len().saturating_add(self.signature.len())
    }

    /// The base64url of the header.
    pub(crate) fn header_text(&self) -> &'t [u8] {
        self.header
    }

    fn decode_payload<'b>(
        &self,
        encoded: bool,
        buffer: &'b mut [u8],
    ) -> Result<(&'b [u8], &'b mut [u8]), Error> {
        if encoded {
            return decode(Part::Payload, self.unpadded(self.payload), buffer);
        }
        let (payload, rest) = buffer.split_at_mut_checked(self.payload.len()).ok_or(Error::BufferTooSmall)?;
        // Without a comparison of lengths, which are the same.
        payload.iter_mut().zip(self.payload).for_each(|(to, from)| *to = *from);
        Ok((payload, rest))
    }

    /// Decodes header and signature to the front of the buffer, and checks everything that the header says.
    fn open<'b, V: Verify + ?Sized>(&self, key: &V, buffer: &'b mut [u8]) -> Result<Opened<'b>, Error> {
        let (text, rest) = decode(Part::Header, self.unpadded(self.header), buffer)?;
        let header = JoseHeader::parse(text)?;
        let (candidate, encoded) = check::headers(key, header, JoseHeader::EMPTY, self.understood)?;
        let (signature, rest) = decode(Part::Signature, self.unpadded(self.signature), rest)?;
        let head = Head { header_len: text.len(), signature_len: signature.len(), index: header.index() };
        Ok(Opened { candidate: Candidate { signature, ..candidate }, encoded, head, rest })
    }

    /// Like [`open`](Self::open), for a message whose payload is detached.
    pub(crate) fn open_detached<'b, V: Verify + ?Sized>(
        &self,
        key: &V,
        buffer: &'b mut [u8],
    ) -> Result<Opened<'b>, Error> {
        if !self.payload.is_empty() {
            return Err(Error::PayloadPresent);
        }
        self.open(key, buffer)
    }

    /// Decodes everything into the buffer and checks everything but the signature.
    fn read<'b, V: Verify + ?Sized>(
        &self,
        key: &V,
        buffer: &'b mut [u8],
    ) -> Result<(Layout, Candidate<'b>), Error> {
        let Opened { candidate, encoded, head, rest } = self.open(key, buffer)?;
        if !encoded && !self.unencoded {
            return Err(Error::Unencoded);
        }
        let (payload, _) = self.decode_payload(encoded, rest)?;
        // Each part was decoded to where the one before it ends.
        let start = head.header_len.saturating_add(head.signature_len);
        let payload = start..start.saturating_add(payload.len());
        Ok((Layout { head, payload, alg: candidate.alg, key: 0 }, candidate))
    }

    fn check<V: Verify + ?Sized>(&self, key: &V, buffer: &mut [u8]) -> Result<Layout, Error> {
        let (layout, candidate) = self.read(key, buffer)?;
        let candidate = Candidate { message: &[self.signing_input], ..candidate };
        Ok(Layout { key: check::signature(key, &candidate)?, ..layout })
    }

    fn check_detached<V: Verify + ?Sized>(
        &self,
        key: &V,
        payload: &[u8],
        buffer: &mut [u8],
    ) -> Result<Detached, Error> {
        let Opened { candidate, encoded, head, rest } = self.open_detached(key, buffer)?;
        let payload = if encoded {
            base64url::encode(payload, rest).map_err(Part::Payload.error())?.as_bytes()
        } else {
            payload
        };
        let candidate = Candidate { message: &[self.header, b".", payload], ..candidate };
        Ok(Detached { head, encoded, alg: candidate.alg, key: check::signature(key, &candidate)? })
    }

    /// Verifies with a key that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify).
    #[cfg(feature = "alloc")]
    pub async fn verify_async<A, K>(
        &self,
        key: &crate::AsyncKey<'_, A, K>,
    ) -> Result<Verified<Vec<u8>>, Error>
    where
        A: crate::alg::Algorithm,
        K: crate::AsyncVerifier<A::Signature>,
    {
        let mut buffer = alloc::vec![0; self.buffer_len()];
        let (layout, candidate) = self.read(&Rules(A::ALG), &mut buffer)?;
        let refused = |error| crate::trace::refused(error, &candidate);
        candidate.check_kid(key.kid()).map_err(refused)?;
        let signature = A::Signature::try_from(candidate.signature).map_err(|_| refused(Error::Signature))?;
        let result = key.inner().verify_async(self.signing_input, &signature).await;
        result.map_err(|_| refused(Error::Signature))?;
        Ok(Verified::new(buffer, layout))
    }
}

/// The rules of an algorithm, without a key that could be asked now.
#[cfg(feature = "alloc")]
struct Rules(jose_jwa::JwsAlg);

#[cfg(feature = "alloc")]
impl crate::key::sealed::Sealed for Rules {}

#[cfg(feature = "alloc")]
impl Verify for Rules {
    fn algs(&self) -> jose_jwa::AlgSet<jose_jwa::JwsAlg> {
        self.0.into()
    }

    fn verify(&self, _: &Candidate<'_>) -> Result<usize, Error> {
        Err(Error::Signature)
    }
}

impl fmt::Debug for Unverified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified").finish_non_exhaustive()
    }
}

/// Verifies in the caller's buffer, without a heap: [`Unverified::parse`] and [`Unverified::verify_into`] in one.
///
/// ```
/// use jose_jws::alg::{HmacKey, Hs256};
/// use jose_jws::{Header, Key, compact};
///
/// fn main() -> Result<(), jose_jws::Error> {
///     let key = Key::<Hs256, _>::new(HmacKey::new(b"a secret of at least 32 bytes....")?);
///     let mut buffer = [0; 256];
///     let token = compact::sign_into(&key, b"payload", &Header::new(), &mut buffer)?;
///     let mut room = [0; 256];
///     assert_eq!(compact::verify_into(&key, token, &mut room)?.payload(), b"payload");
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// Those of both.
pub fn verify_into<'b, V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    key: &V,
    token: &T,
    buffer: &'b mut [u8],
) -> Result<Verified<&'b [u8]>, Error> {
    Unverified::parse(token)?.verify_into(key, buffer)
}

/// Verifies, with one allocation: [`Unverified::parse`] and [`Unverified::verify`] in one.
///
/// # Errors
///
/// Those of both.
#[cfg(feature = "alloc")]
pub fn verify<V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    key: &V,
    token: &T,
) -> Result<Verified<Vec<u8>>, Error> {
    Unverified::parse(token)?.verify(key)
}

/// Verifies against a detached payload in the caller's buffer: [`Unverified::parse`] and
/// [`Unverified::verify_detached_into`] in one.
///
/// # Errors
///
/// Those of both.
pub fn verify_detached_into<'b, V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    key: &V,
    token: &T,
    payload: &[u8],
    buffer: &'b mut [u8],
) -> Result<VerifiedDetached<&'b [u8]>, Error> {
    Unverified::parse(token)?.verify_detached_into(key, payload, buffer)
}

/// Verifies against a detached payload: [`Unverified::parse`] and [`Unverified::verify_detached`] in one.
///
/// # Errors
///
/// Those of both.
#[cfg(feature = "alloc")]
pub fn verify_detached<V: Verify + ?Sized, T: AsRef<[u8]> + ?Sized>(
    key: &V,
    token: &T,
    payload: &[u8],
) -> Result<VerifiedDetached<Vec<u8>>, Error> {
    Unverified::parse(token)?.verify_detached(key, payload)
}
