//! `AlgorithmIdentifier` ⇄ the type of a key.

use jose_jwa::{Curve, JwsAlg, KeyType};
use pkcs1::RsaPssParamsOwned;
use pkcs8::der::asn1::AnyRef;
use pkcs8::{AlgorithmIdentifierRef, ObjectIdentifier};

use super::unsupported;
use crate::error::{Error, FormError};
use crate::params::{AkpAlg, Params};

/// A form has no place for a type of key.
pub(super) const WRONG_TYPE: Error = Error::Unsupported("this type of key in this form");

/// The error for bytes that are not DER of the form, whatever a decoder says about it.
pub(super) fn not<E>(form: &'static str) -> impl Fn(E) -> Error {
    move |_| FormError::Der { form }.into()
}

const FORM: &str = "`AlgorithmIdentifier`";

/// `rsaEncryption` (RFC 3279 section 2.3.1).
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// `id-RSASSA-PSS` (RFC 4055 section 3.1).
const PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
/// `id-ecPublicKey` (RFC 5480 section 2.1.1).
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// Named curves (RFC 5480 section 2.1.1.1, SEC 2), and the algorithms that are curves (RFC 8410 section 3).
static CURVES: [(Curve, ObjectIdentifier); 8] = [
    (Curve::P256, ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7")),
    (Curve::P384, ObjectIdentifier::new_unwrap("1.3.132.0.34")),
    (Curve::P521, ObjectIdentifier::new_unwrap("1.3.132.0.35")),
    (Curve::Secp256k1, ObjectIdentifier::new_unwrap("1.3.132.0.10")),
    (Curve::X25519, ObjectIdentifier::new_unwrap("1.3.101.110")),
    (Curve::X448, ObjectIdentifier::new_unwrap("1.3.101.111")),
    (Curve::Ed25519, ObjectIdentifier::new_unwrap("1.3.101.112")),
    (Curve::Ed448, ObjectIdentifier::new_unwrap("1.3.101.113")),
];

/// ML-DSA (RFC 9881 section 2).
static ML_DSA: [(JwsAlg, ObjectIdentifier); 3] = [
    (JwsAlg::MlDsa44, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.17")),
    (JwsAlg::MlDsa65, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.18")),
    (JwsAlg::MlDsa87, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.3.19")),
];

/// A key of the type that the identifier names, still without members.
pub(super) fn read(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Params, Error> {
    let oid = algorithm.oid;
    if let Some(what) = unsupported::name(oid) {
        return Err(Error::Unsupported(what));
    }
    if oid == RSA {
        return match algorithm.parameters {
            Some(parameters) if parameters == AnyRef::NULL => Ok(Params::new(KeyType::Rsa, None)),
            _ => Err(not(FORM)(())),
        };
    }
    if oid == PSS {
        return Ok(Params::new(KeyType::Rsa, None));
    }
    if oid == EC {
        // Curves by name alone: parameters that are spelled out are what CVE-2020-0601 was about.
        let curve = algorithm.parameters_oid().map_err(|_| Error::Unsupported("a curve without a name"))?;
        return named_curve(curve);
    }
    if algorithm.parameters.is_some() {
        return Err(not(FORM)(()));
    }
    if let Some((curve, _)) =
        CURVES.iter().find(|(curve, own)| *own == oid && curve.key_type() == KeyType::Okp)
    {
        return Ok(Params::new(KeyType::Okp, Some(*curve)));
    }
    match ML_DSA.iter().find(|(_, own)| *own == oid) {
        Some((alg, _)) => Ok(Params::akp(*alg)),
        None => Err(Error::Unsupported("a key of this algorithm")),
    }
}

/// The algorithm that a key of the type is restricted to: that of an `id-RSASSA-PSS` key (RFC 4055 section 3.1) is PS256,
/// unless its parameters name another hash function.
pub(super) fn restriction(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Option<JwsAlg>, Error> {
    const HASHES: [(JwsAlg, u8, ObjectIdentifier); 3] = [
        (JwsAlg::Ps256, 32, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1")),
        (JwsAlg::Ps384, 48, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2")),
        (JwsAlg::Ps512, 64, ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3")),
    ];
    const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
    if algorithm.oid != PSS {
        return Ok(None);
    }
    let Some(parameters) = &algorithm.parameters else { return Ok(Some(JwsAlg::Ps256)) };
    let parameters: RsaPssParamsOwned = parameters.decode_as().map_err(not(FORM))?;
    // The salt of JWS has the length of the digest (RFC 7518 section 3.5), and that of the parameters is the shortest.
    let alg = HASHES.into_iter().find(|(_, len, oid)| {
        *oid == parameters.hash.oid
            && parameters.mask_gen.oid == MGF1
            && parameters.mask_gen.parameters.as_ref().is_some_and(|mask| mask.oid == *oid)
            && parameters.salt_len <= *len
    });
    let alg = alg.map(|(alg, ..)| alg);
    alg.map(Some).ok_or(Error::Unsupported("an RSASSA-PSS key with parameters of no JWS algorithm"))
}

/// An EC key on the curve of this name.
pub(super) fn named_curve(oid: ObjectIdentifier) -> Result<Params, Error> {
    match CURVES.iter().find(|(curve, own)| *own == oid && curve.key_type() == KeyType::Ec) {
        Some((curve, _)) => Ok(Params::new(KeyType::Ec, Some(*curve))),
        None => Err(Error::Unsupported(unsupported::name(oid).unwrap_or("this curve"))),
    }
}

/// The object identifier of a curve.
pub(super) fn curve_oid(curve: Curve) -> Result<&'static ObjectIdentifier, Error> {
    CURVES.iter().find(|(own, _)| *own == curve).map(|(_, oid)| oid).ok_or(WRONG_TYPE)
}

/// The identifier of the key's type.
pub(super) fn of(params: &Params) -> Result<AlgorithmIdentifierRef<'static>, Error> {
    let (oid, parameters) = match (params.kty, params.crv, params.alg) {
        (KeyType::Rsa, ..) => (RSA, Some(AnyRef::NULL)),
        (KeyType::Ec, Some(curve), _) => (EC, Some(AnyRef::from(curve_oid(curve)?))),
        (KeyType::Okp, Some(curve), _) => (*curve_oid(curve)?, None),
        (KeyType::Akp, _, Some(alg)) => (
            ML_DSA.iter().find(|(own, _)| AkpAlg::Jws(*own) == alg).map(|(_, oid)| *oid).ok_or(WRONG_TYPE)?,
            None,
        ),
        _ => return Err(WRONG_TYPE),
    };
    Ok(AlgorithmIdentifierRef { oid, parameters })
}
