//! A chain of certificates (`x5c`) is judged by webpki, with RustCrypto's ECDSA: accepted under the root that
//! it leads to, and refused under other roots, without the certificate between, and when its time is over.
//!
//! Run it with `cargo run -p jose-jwk --example chain --features x509`.

use core::error::Error;
use core::str::FromStr as _;

use jose_jwk::{ChainValidator, Curve, Hash, Jwk, PublicJwk, SysRng};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{DerSignature, SigningKey, VerifyingKey};
use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm, UnixTime, alg_id,
};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};
use x509_cert::TbsCertificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder as _, CertificateBuilder};
use x509_cert::der::{DateTime, Encode as _};
use x509_cert::ext::pkix::{self, BasicConstraints, KeyUsages};
use x509_cert::ext::{Extension, ToExtension as _};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::time::Validity;

type Result<T, E = Box<dyn Error>> = core::result::Result<T, E>;

/// `anyExtendedKeyUsage` (RFC 5280 section 4.2.1.12): no purpose is registered for the keys of JOSE, so a
/// certificate that names its purposes, and not this one, is for something else.
const ANY_PURPOSE: KeyUsage = KeyUsage::required_if_present(&[0x55, 0x1d, 0x25, 0x00]);

/// ECDSA on P-256 with SHA-256, as certificates are signed with it.
#[derive(Debug)]
struct EcdsaP256Sha256;

impl SignatureVerificationAlgorithm for EcdsaP256Sha256 {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = VerifyingKey::from_sec1_bytes(public_key).map_err(|_| InvalidSignature)?;
        let signature = DerSignature::try_from(signature).map_err(|_| InvalidSignature)?;
        key.verify(message, &signature).map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_P256
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ECDSA_SHA256
    }
}

/// Trusts what leads to one root, at one time. There is no revocation here, and no name that the end entity
/// must have: an application adds what its certificates promise.
struct Webpki {
    /// The root's certificate in DER.
    root: Vec<u8>,
    /// For an application, the time of its clock.
    time: UnixTime,
}

impl Webpki {
    /// Why a chain is refused, in the terms of webpki.
    fn judge(&self, chain: &[Vec<u8>]) -> Result<(), webpki::Error> {
        let chain: Vec<CertificateDer<'_>> =
            chain.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let (end_entity, between) = chain.split_first().ok_or(webpki::Error::UnknownIssuer)?;
        let root = CertificateDer::from(self.root.as_slice());
        EndEntityCert::try_from(end_entity)?.verify_for_usage(
            &[&EcdsaP256Sha256],
            &[anchor_from_trusted_cert(&root)?],
            between,
            self.time,
            ANY_PURPOSE,
            None,
            None,
        )?;
        Ok(())
    }
}

impl ChainValidator for Webpki {
    fn validate(&self, chain: &[Vec<u8>]) -> Result<(), jose_jwk::Error> {
        self.judge(chain).map_err(|_| jose_jwk::Error::ChainRefused)
    }
}

fn main() -> Result<()> {
    println!("1. A root certifies an authority, and it the key of a service, for 2026 and 2027:\n");
    let (root, authority) = (Party::new("CN=Root")?, Party::new("CN=Authority")?);
    let service = Party::new("CN=Service")?;
    let of_root = root.certifies(&root, true)?;
    let chain = [authority.certifies(&service, false)?, root.certifies(&authority, true)?];
    println!("   CN=Service <- CN=Authority <- CN=Root\n");

    println!("2. The service judges the first two certificates itself, and publishes its key with them:\n");
    let trusting = Webpki { root: of_root, time: new_year(2027)? };
    let published = PublicJwk::from_certificate_chain(&chain, &trusting)?.to_json();
    println!("   {published}\n");

    println!("3. Who receives the JWK judges it by the root that it trusts, and by the time:\n");
    let received = Jwk::from_json(&published)?;
    if received.thumbprint(Hash::Sha256)? != service.jwk.thumbprint(Hash::Sha256)? {
        return Err("it is another key".into());
    }
    expect("the root is trusted", &received, &trusting, Ok(()))?;

    // Another key under the same name: only the signature tells the two roots apart.
    let impostor = Party::new("CN=Root")?;
    let other = Webpki { root: impostor.certifies(&impostor, true)?, time: trusting.time };
    let refusal = webpki::Error::InvalidSignatureForPublicKey;
    expect("another root of that name is trusted", &received, &other, Err(refusal))?;

    let stranger = Party::new("CN=Stranger")?;
    let other = Webpki { root: stranger.certifies(&stranger, true)?, time: trusting.time };
    expect("a root of another name is trusted", &received, &other, Err(webpki::Error::UnknownIssuer))?;

    let late = Webpki { root: trusting.root.clone(), time: new_year(2029)? };
    let refusal = webpki::Error::CertExpired { time: late.time, not_after: new_year(2028)? };
    expect("the root is trusted, and it is 2029", &received, &late, Err(refusal))?;

    let [end_entity, _] = &chain;
    let alone = PublicJwk::from_unverified_certificate(end_entity)?;
    let refusal = webpki::Error::UnknownIssuer;
    expect("the authority's certificate is missing", alone.as_jwk(), &trusting, Err(refusal))
}

/// Prints what became of a JWK's chain; it is an error if that is not what should become of it.
fn expect(what: &str, jwk: &Jwk, validator: &Webpki, expected: Result<(), webpki::Error>) -> Result<()> {
    let reason = validator.judge(&jwk.certificates()?);
    let result = jwk.validate_chain(validator);
    match &reason {
        Ok(()) => println!("   accepted: {what}"),
        Err(reason) => println!("   refused:  {what:<40} -> {reason:?}"),
    }
    if reason != expected || result != expected.map_err(|_| jose_jwk::Error::ChainRefused) {
        return Err(format!("{what}: this was not to be expected").into());
    }
    Ok(())
}

/// Someone with a name and a key, who can certify the keys of others: enough of an authority for an example.
struct Party {
    name: Name,
    jwk: Jwk,
}

impl Party {
    fn new(name: &str) -> Result<Self> {
        Ok(Self { name: Name::from_str(name)?, jwk: Jwk::generate(Curve::P256, &mut SysRng)? })
    }

    /// A certificate of the subject's key, for an authority or an end entity, in DER.
    fn certifies(&self, subject: &Self, ca: bool) -> Result<Vec<u8>> {
        let profile = Profile { issuer: self.name.clone(), subject: subject.name.clone(), ca };
        let validity = Validity::new(date(2026)?.into(), date(2028)?.into());
        let key = SubjectPublicKeyInfo::from_key(&p256::PublicKey::try_from(&subject.jwk)?)?;
        let signer = SigningKey::from(p256::SecretKey::try_from(&self.jwk)?);
        let builder = CertificateBuilder::new(profile, SerialNumber::from(1_u32), validity, key)?;
        Ok(builder.build::<_, DerSignature>(&signer)?.to_der()?)
    }
}

/// What a certificate says beside the key: whose it is, who made it, and whether it certifies others.
struct Profile {
    issuer: Name,
    subject: Name,
    ca: bool,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        certificate: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let usage = if self.ca { KeyUsages::KeyCertSign } else { KeyUsages::DigitalSignature };
        let constraints = BasicConstraints { ca: self.ca, path_len_constraint: None };
        let subject = certificate.subject();
        Ok(vec![
            constraints.to_extension(subject, &[])?,
            pkix::KeyUsage(usage.into()).to_extension(subject, &[])?,
        ])
    }
}

/// The first moment of a year. The example has a time of its own, so that its certificates never expire.
fn date(year: u16) -> Result<DateTime> {
    Ok(DateTime::new(year, 1, 1, 0, 0, 0)?)
}

fn new_year(year: u16) -> Result<UnixTime> {
    Ok(UnixTime::since_unix_epoch(date(year)?.unix_duration()))
}
