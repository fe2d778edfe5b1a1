//! Messages that carry the certificates of the key that verifies them (`x5c`, RFC 7515 section 4.1.6).
//!
//! The certificates are those of one message: a [`ChainValidator`] decides whether they lead to something that is trusted, and the
//! message is then verified with the key of the first certificate and with no other. [`ChainPolicy`] is such a validator; an
//! application may have one of its own.
//!
//! ```
//! use jose_jws::x5c::{self, ChainPolicy};
//! use jose_jws::{Error, JwsAlg};
//!
//! fn payload(token: &str, roots: &str) -> Result<Vec<u8>, Error> {
//!     let policy = ChainPolicy::from_pem(roots)?
//!         .end_entity_extension("1.2.840.113635.100.6.11.1")?;
//!     Ok(x5c::verify(token, JwsAlg::Es256, &policy)?.payload().to_vec())
//! }
//! ```

mod certificate;
mod signatures;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use jose_jwa::JwsAlg;
use jose_jwa::header::{HeaderError, JoseHeader};
use jose_jwk::{Allowed, ChainValidator, Error as KeyError, PublicJwk, Secret};
use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, Error as Refusal, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::der::asn1::ObjectIdentifier;

use crate::compact::Unverified;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::json::{self, Form, Require};
use crate::key::VerifyingKey;

/// The maximum number of certificates of a chain.
pub const MAX_CERTIFICATES: usize = 10;

/// The maximum length of all certificates of a chain in DER, in bytes.
pub const MAX_CHAIN_LEN: usize = 65_536;

/// Verifies a compact JWS with the key of the first certificate of its protected header's `x5c`, for one of the allowed algorithms,
/// once the validator has accepted the chain.
///
/// # Errors
///
/// [`Error::Header`] if the header has no `x5c`, or `x5t` or `x5t#S256` is not of its first certificate; [`Error::Key`] if a
/// certificate cannot be read, the validator refuses the chain, or the key serves none of the algorithms; otherwise those of
/// [`Unverified::verify`].
pub fn verify<T: AsRef<[u8]> + ?Sized>(
    token: &T,
    allowed: impl Into<Allowed<JwsAlg>>,
    validator: &dyn ChainValidator,
) -> Result<Embedded, Error> {
    let jws = Unverified::parse(token)?;
    let key = key_of(JoseHeader::parse(&jws.dangerous_header()?)?, validator)?;
    let jws = jws.verify(&VerifyingKey::from_jwk(&key, allowed)?)?;
    Embedded::new(key, jws.alg(), jws.header(), jws.payload())
}

/// Like [`verify`], but for a flattened JWS. An `x5c` in the unprotected header is ignored.
///
/// # Errors
///
/// Those of [`verify`]; [`Error::Member`] if the message is not a flattened one.
pub fn verify_flattened<T: AsRef<[u8]> + ?Sized>(
    text: &T,
    allowed: impl Into<Allowed<JwsAlg>>,
    validator: &dyn ChainValidator,
) -> Result<Embedded, Error> {
    let jws = json::Unverified::parse(text)?;
    let (Form::Flattened, Some((header, _))) = (jws.form(), jws.dangerous_headers().next()) else {
        return Err(Error::Member("signatures"));
    };
    let key = key_of(header, validator)?;
    let jws = jws.verify(&VerifyingKey::from_jwk(&key, allowed)?, Require::All)?;
    let signature = jws.signatures().iter().next().ok_or(Error::SignaturesTooFew)?;
    Embedded::new(key, signature.alg(), signature.header(), jws.payload())
}

/// The key of the first certificate of a header's `x5c`, once the validator has accepted the chain: for a
/// [`KeyResolver`](crate::KeyResolver), which verifies the message with it. Its [`certificates`](jose_jwk::Jwk::certificates) are
/// the chain.
///
/// # Errors
///
/// [`Error::Header`] and [`Error::Key`] as for [`verify`].
pub fn key_of(header: JoseHeader<'_>, validator: &dyn ChainValidator) -> Result<PublicJwk, Error> {
    const INVALID: HeaderError = HeaderError::Invalid("x5c");
    let list = header.get("x5c").ok_or(HeaderError::Missing("x5c"))?.as_array().ok_or(INVALID)?;
    let mut chain = Vec::new();
    for (index, text) in list.iter().enumerate() {
        if index == MAX_CERTIFICATES {
            return Err(KeyError::ChainUntrusted { what: TOO_LONG }.into());
        }
        let text = text.as_str().ok_or(INVALID)?;
        let der = Secret::from_base64(text.to_cow().as_bytes());
        chain.push(der.map_err(|_| KeyError::Certificate { index })?.expose().to_vec());
    }
    let key = PublicJwk::from_certificate_chain(&chain, validator)?;
    for (name, own) in [("x5t", key.as_jwk().x5t()), ("x5t#S256", key.as_jwk().x5t_s256())] {
        let Some(digest) = header.get(name) else { continue };
        let digest = digest.as_str().ok_or(HeaderError::Invalid(name))?;
        let digest = jose_b64::base64url::decode_to_vec(digest.to_cow().as_bytes());
        if digest.ok().as_deref() != own {
            return Err(HeaderError::Invalid(name).into());
        }
    }
    Ok(key)
}

const TOO_LONG: &str = "it has more than 10 certificates or 65536 bytes";

/// Trust anchors, and what a chain of certificates must fulfil besides leading to one of them.
///
/// Of a chain it checks signatures, dates, the order of RFC 7515 section 4.1.6 (each certificate is followed by that of its
/// issuer), that issuers are authorities, the length of the path and constraints on names (RFC 5280 section 6), that the key usages
/// allow signatures and the signing of certificates, and critical extensions, of which unknown ones are refused. Signatures of
/// certificates are ECDSA on P-256, P-384 and P-521, RSA of at least 2048 bits, and Ed25519, as far as the build has them. It does
/// not look up revocation. The last certificate may be the anchor itself.
///
/// Purposes and names are not checked unless they are asked for. Where the anchors certify others than those who may sign,
/// such as public authorities do, ask for what tells them apart.
#[derive(Clone, Debug)]
pub struct ChainPolicy {
    anchors: Vec<Vec<u8>>,
    time: Option<u64>,
    dns_name: Option<String>,
    purpose: Option<ObjectIdentifier>,
    end_entity: Vec<ObjectIdentifier>,
    issuer: Vec<ObjectIdentifier>,
}

impl ChainPolicy {
    /// Trusts these certificates, in DER, and what they certify.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] with the place of a certificate that cannot be read, or if there is none.
    pub fn new(anchors: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Result<Self, Error> {
        let anchors: Vec<Vec<u8>> = anchors.into_iter().map(|der| der.as_ref().to_vec()).collect();
        if anchors.is_empty() {
            return Err(KeyError::ChainUntrusted { what: "there is no trust anchor" }.into());
        }
        for (index, der) in anchors.iter().enumerate() {
            anchor(der).map_err(|_| KeyError::Certificate { index })?;
        }
        let (end_entity, issuer) = (Vec::new(), Vec::new());
        Ok(Self { anchors, time: None, dns_name: None, purpose: None, end_entity, issuer })
    }

    /// Trusts the certificates of a text in PEM. Its other blocks are ignored.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new); [`Error::Key`] if the text is not PEM.
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        Self::new(PublicJwk::from_unverified_certificate_pem(text)?.as_jwk().certificates()?)
    }

    /// Sets the time at which the certificates must be valid, in seconds since 1970: for tokens that are kept, and for builds
    /// without `std`. The system's clock gives it otherwise.
    #[must_use]
    pub fn at(self, seconds: u64) -> Self {
        Self { time: Some(seconds), ..self }
    }

    /// Requires that the first certificate is for this DNS name (`subjectAltName`).
    ///
    /// # Errors
    ///
    /// [`Error::Key`] if it is not a DNS name.
    pub fn dns_name(self, name: &str) -> Result<Self, Error> {
        match ServerName::try_from(name) {
            Ok(ServerName::DnsName(_)) => Ok(Self { dns_name: Some(name.to_owned()), ..self }),
            _ => Err(KeyError::Unsupported("a name that is no DNS name").into()),
        }
    }

    /// Requires an extended key usage of the first certificate, and of the others that name any (RFC 5280 section 4.2.1.12).
    ///
    /// # Errors
    ///
    /// [`Error::Key`] if it is not an object identifier in the form `1.3.6.1`.
    pub fn purpose(self, oid: &str) -> Result<Self, Error> {
        Ok(Self { purpose: Some(parse(oid)?), ..self })
    }

    /// Requires an extension of the first certificate, such as the mark of an App Store receipt, `1.2.840.113635.100.6.11.1`.
    ///
    /// # Errors
    ///
    /// Those of [`purpose`](Self::purpose).
    pub fn end_entity_extension(mut self, oid: &str) -> Result<Self, Error> {
        self.end_entity.push(parse(oid)?);
        Ok(self)
    }

    /// Requires an extension of the second certificate, that of the first one's issuer.
    ///
    /// # Errors
    ///
    /// Those of [`purpose`](Self::purpose).
    pub fn issuer_extension(mut self, oid: &str) -> Result<Self, Error> {
        self.issuer.push(parse(oid)?);
        Ok(self)
    }

    fn time(&self) -> Option<u64> {
        #[cfg(feature = "std")]
        let now = || Some(std::time::UNIX_EPOCH.elapsed().ok()?.as_secs());
        #[cfg(not(feature = "std"))]
        let now = || None;
        self.time.or_else(now)
    }

    /// What is wrong with a chain.
    fn judge(&self, chain: &[Vec<u8>]) -> Result<(), &'static str> {
        let len = chain.iter().fold(0, |len, der| der.len().saturating_add(len));
        if chain.len() > MAX_CERTIFICATES || len > MAX_CHAIN_LEN {
            return Err(TOO_LONG);
        }
        let parsed: Result<Vec<_>, _> = chain.iter().map(|der| Certificate::from_der(der)).collect();
        let parsed = parsed.map_err(|_| "a certificate cannot be read")?;
        certificate::check_order(&parsed)?;
        certificate::check_usages(&parsed)?;
        let (end_entity, issuer) = (parsed.first(), parsed.get(1));
        let has = |certificate: Option<&Certificate>, oids: &[ObjectIdentifier]| {
            oids.iter().all(|oid| certificate.is_some_and(|own| certificate::has_extension(own, *oid)))
        };
        if !has(end_entity, &self.end_entity) || !has(issuer, &self.issuer) {
            return Err("a certificate lacks an extension that is asked for");
        }
        let purpose =
            self.purpose.filter(|oid| !end_entity.is_some_and(|own| certificate::has_purpose(own, *oid)));
        if purpose.is_some() {
            return Err("the first certificate is for another purpose");
        }
        let time = self.time().ok_or("no time is known at which to check it: `ChainPolicy::at` sets one")?;
        let time = UnixTime::since_unix_epoch(core::time::Duration::from_secs(time));
        self.path(chain, time).map_err(reason)
    }

    fn path(&self, chain: &[Vec<u8>], time: UnixTime) -> Result<(), Refusal> {
        let chain: Vec<CertificateDer<'_>> =
            chain.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let (end_entity, between) = chain.split_first().ok_or(Refusal::UnknownIssuer)?;
        let roots: Vec<CertificateDer<'_>> =
            self.anchors.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let anchors: Result<Vec<TrustAnchor<'_>>, Refusal> =
            roots.iter().map(webpki::anchor_from_trusted_cert).collect();
        let end_entity = EndEntityCert::try_from(end_entity)?;
        let purpose = Purpose(self.purpose);
        end_entity.verify_for_usage(signatures::ALL, &anchors?, between, time, purpose, None, None)?;
        match &self.dns_name {
            Some(name) => {
                let name = ServerName::try_from(name.as_str()).map_err(|_| Refusal::UnsupportedNameType)?;
                end_entity.verify_is_valid_for_subject_name(&name)
            }
            None => Ok(()),
        }
    }
}

impl ChainValidator for ChainPolicy {
    fn validate(&self, chain: &[Vec<u8>]) -> Result<(), KeyError> {
        self.judge(chain).map_err(|what| KeyError::ChainUntrusted { what })
    }
}

fn anchor(der: &[u8]) -> Result<(), Refusal> {
    webpki::anchor_from_trusted_cert(&CertificateDer::from(der)).map(|_| ())
}

fn parse(oid: &str) -> Result<ObjectIdentifier, Error> {
    ObjectIdentifier::new(oid).map_err(|_| KeyError::Unsupported("an object identifier in this form").into())
}

/// A purpose that no certificate of the path may leave out among those it names.
struct Purpose(Option<ObjectIdentifier>);

#[expect(deprecated, reason = "what replaces it holds an allocation that is of no use here")]
const OTHER_PURPOSE: Refusal = Refusal::RequiredEkuNotFound;

impl ExtendedKeyUsageValidator for Purpose {
    fn validate(&self, named: KeyPurposeIdIter<'_, '_>) -> Result<(), Refusal> {
        let Some(wanted) = &self.0 else { return Ok(()) };
        let mut any = false;
        for id in named {
            any = true;
            if id? == KeyPurposeId::new(wanted.as_bytes()) {
                return Ok(());
            }
        }
        if any { Err(OTHER_PURPOSE) } else { Ok(()) }
    }
}

/// A refusal of the path in words.
fn reason(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownIssuer => {
            "it leads to no trust anchor: the anchor is another one, or a certificate between is missing"
        }
        Refusal::CertExpired { .. } => "a certificate has expired",
        Refusal::CertNotValidYet { .. } => "a certificate is not valid yet",
        Refusal::CaUsedAsEndEntity => "the first certificate is that of an authority",
        Refusal::EndEntityUsedAsCa => "an issuer is not an authority",
        Refusal::PathLenConstraintViolated | Refusal::MaximumPathDepthExceeded => {
            "the path is longer than allowed"
        }
        Refusal::NameConstraintViolation => "a name is outside of an issuer's constraints",
        Refusal::InvalidSignatureForPublicKey => "a certificate was not signed by its issuer",
        Refusal::CertNotValidForName(_) => "the first certificate is for another name",
        Refusal::UnsupportedCriticalExtension => {
            "a certificate has a critical extension that is not known here"
        }
        refusal if refusal == OTHER_PURPOSE => "a certificate is for another purpose",
        _ => "a certificate breaks a rule, or is signed with an algorithm that this build lacks",
    }
}
