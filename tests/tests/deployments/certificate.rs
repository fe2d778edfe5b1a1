//! A self-signed certificate, as providers put them beside their keys.

use std::str::FromStr as _;

use jose_jwk::Jwk;
use rsa::PrivateKey;
use rsa::pkcs1v15::{Signature, SigningKey};
use rsa::signature::Keypair as _;
use sha2::Sha256;
use x509_cert::TbsCertificate;
use x509_cert::builder::{self, Builder as _, CertificateBuilder, profile::BuilderProfile};
use x509_cert::der::{DateTime, Encode as _};
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::time::Validity;

/// A certificate without extensions.
struct SelfSigned(Name);

impl BuilderProfile for SelfSigned {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.0.clone()
    }

    fn build_extensions(
        &self,
        _: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        Ok(Vec::new())
    }
}

/// In DER.
pub(crate) fn self_signed(jwk: &Jwk, name: &str) -> Vec<u8> {
    let year = |year| DateTime::new(year, 1, 1, 0, 0, 0).unwrap().into();
    let signer = SigningKey::<Sha256>::new(PrivateKey::try_from(jwk).unwrap());
    let key = SubjectPublicKeyInfo::from_key(&signer.verifying_key()).unwrap();
    let profile = SelfSigned(Name::from_str(name).unwrap());
    let validity = Validity::new(year(2026), year(2036));
    let builder = CertificateBuilder::new(profile, SerialNumber::from(7_u32), validity, key).unwrap();
    builder.build::<_, Signature>(&signer).unwrap().to_der().unwrap()
}
