//! What webpki leaves open: order, key usages, and what a policy asks for.

use x509_cert::Certificate;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage};

/// Checks that each certificate is followed by that of its issuer.
pub(super) fn check_order(chain: &[Certificate]) -> Result<(), &'static str> {
    let mut pairs = chain.iter().zip(chain.iter().skip(1));
    if pairs.all(|(own, next)| own.tbs_certificate().issuer() == next.tbs_certificate().subject()) {
        return Ok(());
    }
    Err("its certificates are not in order, each followed by that of its issuer, or one of them is missing")
}

/// Checks the key usages, where a certificate names any (RFC 5280 section 4.2.1.3).
pub(super) fn check_usages(chain: &[Certificate]) -> Result<(), &'static str> {
    for (index, certificate) in chain.iter().enumerate() {
        let Ok(usage) = certificate.tbs_certificate().get_extension::<KeyUsage>() else {
            return Err("a certificate cannot be read");
        };
        let allowed = usage.is_none_or(|(_, usage)| match index {
            0 => usage.digital_signature() || usage.non_repudiation(),
            _ => usage.key_cert_sign(),
        });
        if !allowed {
            return Err(match index {
                0 => "the key usage of the first certificate does not allow signatures",
                _ => "the key usage of an issuer does not allow certificates to be signed",
            });
        }
    }
    Ok(())
}

pub(super) fn has_extension(certificate: &Certificate, oid: ObjectIdentifier) -> bool {
    let extensions = certificate.tbs_certificate().extensions();
    extensions.is_some_and(|extensions| extensions.iter().any(|extension| extension.extn_id == oid))
}

pub(super) fn has_purpose(certificate: &Certificate, oid: ObjectIdentifier) -> bool {
    let named = certificate.tbs_certificate().get_extension::<ExtendedKeyUsage>();
    named.is_ok_and(|named| named.is_some_and(|(_, named)| named.0.contains(&oid)))
}
